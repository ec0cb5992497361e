// MP3 by shine (LGPL): fixed point.  Its table of x**0.75 takes 40 KB of the 90 KB that an encoder takes.
#include <string.h>

#include "codecs.h"
#include "lib/shine/src/lib/layer3.h"

static int check(uint32_t rate_hz, int channels, uint32_t bit_rate) {
    (void)channels;
    int version = rate_hz > 48000 || bit_rate > 320000 || bit_rate % 1000
        ? -1 : shine_check_config(rate_hz, bit_rate / 1000);
    return version < 0 ? 0 : version == MPEG_I ? 1152 : 576;
}

static void *open(uint32_t rate_hz, int channels, uint32_t bit_rate) {
    shine_config_t config;
    shine_set_config_mpeg_defaults(&config.mpeg);
    config.wave.channels = channels;
    config.wave.samplerate = rate_hz;
    config.mpeg.mode = channels == 2 ? STEREO : MONO;
    config.mpeg.bitr = bit_rate / 1000;
    return shine_initialise(&config);
}

static int encode(void *state, int16_t *samples, size_t bytes, uint8_t *output) {
    (void)bytes;
    int written = 0;
    const uint8_t *encoded = shine_encode_buffer_interleaved(state, samples, &written);
    if (written < 0 || written > CODECS_ENCODED_BYTES) {
        return -1;
    }
    memcpy(output, encoded, written);
    return written;
}

const codecs_encoder_t codecs_mp3_encoder = { "mp3", 2, check, open, encode };
