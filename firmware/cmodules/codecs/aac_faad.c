// AAC-LC by FAAD2 (GPL): fixed point.  "Code from FAAD2 is copyright (c) Nero AG, www.nero.com"
#include <string.h>

#include "codecs.h"
#include "neaacdec.h"

typedef struct {
    NeAACDecHandle decoder; // NULL until the first frame, and after one that it is not for
    uint32_t kind;
} faad_t;

static void reset(void *state) {
    faad_t *self = state;
    if (self->decoder) {
        NeAACDecPostSeekReset(self->decoder, 0);
    }
}

static void *open(void) {
    return codecs_calloc(1, sizeof(faad_t));
}

static void close_decoder(faad_t *self) {
    if (self->decoder) {
        NeAACDecClose(self->decoder);
        self->decoder = NULL;
    }
}

// A decoder for frames like this one.
static bool prepare(faad_t *self, uint8_t *data, const codecs_frame_t *frame) {
    unsigned long rate_hz;
    unsigned char channels;
    close_decoder(self);
    self->decoder = NeAACDecOpen();
    NeAACDecConfigurationPtr configuration = NeAACDecGetCurrentConfiguration(self->decoder);
    configuration->defObjectType = LC;
    configuration->outputFormat = FAAD_FMT_16BIT;
    if (!NeAACDecSetConfiguration(self->decoder, configuration)
        || NeAACDecInit(self->decoder, data, frame->length, &rate_hz, &channels) < 0) {
        close_decoder(self);
        return false;
    }
    self->kind = frame->kind;
    return true;
}

static int decode(void *state, const uint8_t *data, const codecs_frame_t *frame, int16_t *output) {
    faad_t *self = state;
    uint8_t *bytes = (uint8_t *)data; // which the library does not write to
    if ((!self->decoder || self->kind != frame->kind) && !prepare(self, bytes, frame)) {
        return -1;
    }
    NeAACDecFrameInfo info;
    void *samples = output;
    NeAACDecDecode2(self->decoder, &info, bytes, frame->length, &samples, CODECS_PCM_BYTES);
    if (info.error || (info.samples && info.channels != frame->channels)) {
        return -1;
    }
    return info.samples / frame->channels;
}

const codecs_decoder_t codecs_aac_decoder = { "aac", 7, codecs_parse_adts, open, reset, decode };
