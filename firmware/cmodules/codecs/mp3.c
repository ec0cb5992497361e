// MP3, frame by frame: see mp3.h.
#include <string.h>

#include "codecs.h"
#include "mp3.h"

typedef struct {
    // What was got of frames' data, the last frame's at its end.
    uint8_t data[MP3_RESERVOIR_BYTES + MP3_FRAME_BYTES];
    unsigned held; // bytes
    unsigned slot; // of the synthesis
    uint8_t positions[2][39]; // the scale factors as read: for the next granule, and for intensity stereo
    mp3_granule_t granules[4];
    int32_t (*lines)[MP3_LINES];
    struct sound *sound;
} mp3_t;

// What is heard of a granule in the next ones.
struct sound {
    mp3_memory_t memory[2];
    int32_t overlap[2][32 * 9];
    unsigned bands[2]; // of it that may be other than 0
};

static void reset(void *state) {
    mp3_t *self = state;
    self->held = 0;
    memset(self->sound, 0, sizeof(*self->sound));
}

static void *open(void) {
    // Three blocks rather than one, for a heap in pieces.
    mp3_t *self = codecs_calloc(1, sizeof(*self));
    self->lines = codecs_calloc(2, sizeof(*self->lines));
    self->sound = codecs_calloc(1, sizeof(*self->sound));
    return self;
}

// One granule, to samples; false for damage.
static bool decode_granule(mp3_t *self, mp3_bits_t *bits, const mp3_granule_t *granules, const uint8_t *header,
    int16_t *output) {
    int channels = mp3_is_mono(header) ? 1 : 2, counts[2] = { 0, 0 };
    memset(self->lines, 0, channels * sizeof(*self->lines));
    for (int channel = 0; channel < channels; channel++) {
        int16_t exponents[40];
        unsigned end = bits->at + granules[channel].bits;
        mp3_read_exponents(bits, &granules[channel], header, channel, exponents, self->positions[channel]);
        // What is not 0 in the second channel says where intensity stereo ends.
        bool up = mp3_has_intensity(header);
        counts[channel] = mp3_read_lines(bits, &granules[channel], exponents, end, up, self->lines[channel]);
        if (counts[channel] < 0) {
            return false;
        }
    }
    if (mp3_has_intensity(header) || mp3_has_mid_side(header)) {
        counts[0] = counts[1] = counts[0] > counts[1] ? counts[0] : counts[1];
        if (mp3_has_intensity(header)) {
            mp3_intensity(self->lines, self->positions[1], granules, header);
        } else {
            mp3_mid_side(self->lines, counts[0]);
        }
    }
    struct sound *sound = self->sound;
    for (int channel = 0; channel < channels; channel++) {
        int32_t *lines = self->lines[channel];
        sound->bands[channel] = mp3_imdct(lines, counts[channel], &granules[channel], sound->overlap[channel],
            sound->bands[channel]);
        for (unsigned i = 0; i < MP3_SLOTS; i++) {
            int16_t *samples = output + 32 * i * channels + channel;
            mp3_synthesize(lines + i, sound->memory[channel], (self->slot + i) & 15, samples, channels);
        }
    }
    self->slot = (self->slot + MP3_SLOTS) & 15;
    return true;
}

static int decode(void *state, const uint8_t *data, const codecs_frame_t *frame, int16_t *output) {
    mp3_t *self = state;
    // Behind the header, and a checksum that nobody looks at: encoders that write it wrong exist.
    size_t head = data[1] & 1 ? 4 : 6;
    mp3_bits_t side = { data + head, 0, 8 * (frame->length - head) };
    int begin = mp3_read_side(&side, self->granules, data);
    if (begin < 0) {
        reset(self);
        return -1;
    }
    head += side.at / 8;
    size_t own = frame->length - head;
    memcpy(self->data + self->held, data + head, own);
    int samples = -1;
    if ((unsigned)begin <= self->held) {
        mp3_bits_t bits = { self->data, 8 * (self->held - begin), 8 * (self->held + own) };
        const mp3_granule_t *granules = self->granules;
        samples = 0;
        while (samples < frame->samples
               && decode_granule(self, &bits, granules, data, output + samples * frame->channels)) {
            granules += frame->channels;
            samples += MP3_LINES;
        }
        if (samples < frame->samples) {
            memset(self->sound, 0, sizeof(*self->sound));
            samples = -1;
        }
    }
    self->held += own;
    if (self->held > MP3_RESERVOIR_BYTES) {
        memmove(self->data, self->data + self->held - MP3_RESERVOIR_BYTES, MP3_RESERVOIR_BYTES);
        self->held = MP3_RESERVOIR_BYTES;
    }
    return samples;
}

const codecs_decoder_t codecs_mp3_decoder = { "mp3", 4, codecs_parse_mp3, open, reset, decode };
