// Headers of frames: MPEG audio layer III (ISO 11172-3 2.4.1.3, 13818-3, and MPEG 2.5) and ADTS (ISO 13818-7 6.2).
#include "codecs.h"

bool codecs_parse_mp3(const uint8_t *data, codecs_frame_t *frame) {
    static const uint16_t kbps[2][15] = {
        { 0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160 }, // MPEG 2 and 2.5
        { 0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320 },
    };
    static const uint16_t rates_hz[3] = { 44100, 48000, 32000 };
    unsigned version = data[1] >> 3 & 3; // 3: MPEG 1, 2: MPEG 2, 0: MPEG 2.5
    unsigned layer = data[1] >> 1 & 3; // 1: III
    unsigned rate = data[2] >> 2 & 3;
    unsigned bits = data[2] >> 4;
    // No free format (bits 0): nobody writes it, and its frames do not say how long they are.
    if (data[0] != 0xff || (data[1] & 0xe0) != 0xe0 || version == 1 || layer != 1 || rate == 3 || bits == 0 || bits == 15) {
        return false;
    }
    bool mpeg1 = version == 3;
    frame->rate_hz = rates_hz[rate] >> (mpeg1 ? 0 : version == 2 ? 1 : 2);
    frame->channels = data[3] >> 6 == 3 ? 1 : 2;
    frame->samples = mpeg1 ? 1152 : 576;
    frame->length = frame->samples / 8 * 1000 * kbps[mpeg1][bits] / frame->rate_hz + (data[2] >> 1 & 1);
    frame->kind = (data[1] & 0xfe) << 8 | rate;
    return true;
}

bool codecs_parse_adts(const uint8_t *data, codecs_frame_t *frame) {
    static const uint32_t rates_hz[13] = {
        96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350,
    };
    unsigned rate = data[2] >> 2 & 15;
    unsigned channels = (data[2] & 1) << 2 | data[3] >> 6;
    size_t header = data[1] & 1 ? 7 : 9;
    frame->length = (data[3] & 3) << 11 | data[4] << 3 | data[5] >> 5;
    // Low complexity (profile 1) in one or two channels, one block a frame: what there is memory for.
    if (data[0] != 0xff || (data[1] & 0xf6) != 0xf0 || data[2] >> 6 != 1 || rate >= 13 || channels < 1 || channels > 2
        || data[6] & 3 || frame->length <= header || frame->length > CODECS_WINDOW_BYTES - 7) {
        return false;
    }
    frame->rate_hz = rates_hz[rate];
    frame->channels = channels;
    frame->samples = 1024;
    frame->kind = (data[1] & 0xfe) << 16 | (data[2] & 0xfd) << 8 | (data[3] & 0xc0);
    return true;
}
