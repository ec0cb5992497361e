// MP3 by libmad (GPL): fixed point, 24 bits inside.
#include <string.h>

#include "codecs.h"
#include "lib/libmad/global.h"
#include "lib/libmad/synth.h"

typedef struct {
    struct mad_stream stream;
    struct mad_frame *frame;
    struct mad_synth *synth;
} mad_t;

static void reset(void *state) {
    mad_t *self = state;
    struct mad_stream *stream = &self->stream;
    stream->md_len = 0; // the bit reservoir; its memory stays
    mad_frame_mute(self->frame);
    mad_synth_mute(self->synth);
}

static void *open(void) {
    // Three blocks rather than one: a heap of 200 KB is soon without a hole of 30 KB.
    mad_t *self = codecs_malloc(sizeof(*self));
    struct mad_frame *frame = self->frame = codecs_malloc(sizeof(*frame));
    struct mad_synth *synth = self->synth = codecs_malloc(sizeof(*synth));
    mad_stream_init(&self->stream);
    mad_stream_options(&self->stream, MAD_OPTION_IGNORECRC); // as players do: encoders that write it wrong exist
    mad_frame_init(frame);
    mad_synth_init(synth);
    return self;
}

static int16_t rounded(mad_fixed_t sample) {
    sample = (sample + (1 << (MAD_F_FRACBITS - 16))) >> (MAD_F_FRACBITS - 15);
    return sample > INT16_MAX ? INT16_MAX : sample < INT16_MIN ? INT16_MIN : sample;
}

static int decode(void *state, const uint8_t *data, const codecs_frame_t *frame, int16_t *output) {
    mad_t *self = state;
    struct mad_stream *stream = &self->stream;
    mad_stream_buffer(stream, data, frame->length + MAD_BUFFER_GUARD);
    stream->sync = 1; // the caller saw to it
    stream->skiplen = 0;
    if (mad_frame_decode(self->frame, stream)) {
        mad_frame_mute(self->frame);
        return -1;
    }
    mad_synth_frame(self->synth, self->frame);
    const struct mad_pcm *pcm = &self->synth->pcm;
    for (unsigned i = 0; i < pcm->length; i++) {
        *output++ = rounded(pcm->samples[0][i]);
        if (pcm->channels == 2) {
            *output++ = rounded(pcm->samples[1][i]);
        }
    }
    return pcm->length;
}

const codecs_decoder_t codecs_mp3_decoder = { "mp3", 4, 8, codecs_parse_mp3, open, reset, decode };
