// MP3 by shine (LGPL): fixed point.  Its table of x**0.75 is a constant: host_tools/setup/sources.py.
#include <string.h>

#include "codecs.h"
#include "lib/shine/src/lib/types.h"
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
    shine_global_config *encoder = shine_initialise(&config);
    if (encoder) {
        // In floating point, as the library does it, 864 bytes are 863.99..., and every header lies about a byte.
        uint32_t slots = encoder->mpeg.granules_per_frame * (GRANULE_SIZE / 8) * bit_rate;
        encoder->mpeg.whole_slots_per_frame = slots / rate_hz;
        encoder->mpeg.frac_slots_per_frame = (double)(slots % rate_hz) / rate_hz;
        encoder->mpeg.slot_lag = -encoder->mpeg.frac_slots_per_frame;
        encoder->mpeg.padding = 0;
    }
    return encoder;
}

static int encode(void *state, int16_t *samples, size_t bytes, uint8_t *output) {
    // The library makes everything 1.125 times as loud, at every rate and bit rate, and clips what is near the top.
    for (size_t i = 0; i < bytes / sizeof(*samples); i++) {
        samples[i] = (samples[i] * 7282 + 4096) >> 13;
    }
    int written = 0;
    const uint8_t *encoded = shine_encode_buffer_interleaved(state, samples, &written);
    if (written < 0 || written > CODECS_ENCODED_BYTES - 4) {
        return -1;
    }
    memcpy(output, encoded, written);
    // The library keeps up to four bytes for its next word, at the end of the stream for ever.
    bitstream_t *bits = &((shine_global_config *)state)->bs;
    for (int held = 32 - bits->cache_bits; held > 0; held -= 8) {
        output[written++] = bits->cache >> 24;
        bits->cache <<= 8;
    }
    bits->cache = 0;
    bits->cache_bits = 32;
    return written;
}

const codecs_encoder_t codecs_mp3_encoder = { "mp3", 2, check, open, encode };
