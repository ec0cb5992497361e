// AAC-LC by FAAD2 (GPL): fixed point.  "Code from FAAD2 is copyright (c) Nero AG, www.nero.com"
#include <string.h>

#include "codecs.h"
#include "neaacdec.h"

typedef struct {
    NeAACDecHandle decoder; // NULL until the first frame, and after a frame of another kind
    uint32_t kind;
} faad_t;

static void reset(void *state) {
    faad_t *self = state;
    if (self->decoder) {
        NeAACDecPostSeekReset(self->decoder, 0);
    }
}

static bool prepare(faad_t *self) {
    self->decoder = NeAACDecOpen();
    if (!self->decoder) {
        return false;
    }
    NeAACDecConfigurationPtr configuration = NeAACDecGetCurrentConfiguration(self->decoder);
    configuration->defObjectType = LC;
    configuration->outputFormat = FAAD_FMT_16BIT;
    return NeAACDecSetConfiguration(self->decoder, configuration);
}

static void *open(void) {
    faad_t *self = codecs_calloc(1, sizeof(*self));
    return prepare(self) ? self : NULL;
}

static int decode(void *state, const uint8_t *data, const codecs_frame_t *frame, int16_t *output) {
    faad_t *self = state;
    uint8_t *bytes = (uint8_t *)data; // which the library does not write to
    if (self->kind != frame->kind) {
        unsigned long rate_hz;
        unsigned char channels;
        if (self->decoder && self->kind) {
            NeAACDecClose(self->decoder);
            self->decoder = NULL;
        }
        self->kind = 0;
        if ((!self->decoder && !prepare(self))
            || NeAACDecInit(self->decoder, bytes, frame->length, &rate_hz, &channels) < 0) {
            return -1;
        }
        self->kind = frame->kind;
    }
    NeAACDecFrameInfo info;
    void *samples = output;
    NeAACDecDecode2(self->decoder, &info, bytes, frame->length, &samples, CODECS_PCM_BYTES);
    if (info.error || (info.samples && info.channels != frame->channels)) {
        return -1;
    }
    return info.samples / frame->channels;
}

const codecs_decoder_t codecs_aac_decoder = { "aac", 7, 7, codecs_parse_adts, open, reset, decode };
