// MP3 by dr_mp3 of miniaudio (public domain or MIT-0): floating point, which a core without it pays for in time.
#include <stdint.h>
#include <string.h>

#include "codecs.h"

#define MA_API static
#define MA_DR_MP3_NO_SIMD
#define MA_DR_MP3_ONLY_MP3
#define MA_DR_MP3_COPY_MEMORY memcpy
#define MA_DR_MP3_MOVE_MEMORY memmove
#define MA_DR_MP3_ZERO_MEMORY(address, size) memset(address, 0, size)
typedef uint8_t ma_uint8;
typedef uint16_t ma_uint16;
typedef uint32_t ma_uint32;
typedef uint64_t ma_uint64;
typedef int16_t ma_int16;
typedef int32_t ma_int32;

// 16 KB that the library would have on the stack, which is all of a board's: host_tools/setup/sources.py.
static void *dr_mp3_scratch;

#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wall"
#pragma GCC diagnostic ignored "-Wextra"
#pragma GCC diagnostic ignored "-Wfloat-conversion"
#pragma GCC diagnostic ignored "-Wdouble-promotion"
#pragma GCC diagnostic ignored "-Wsign-compare"
#pragma GCC diagnostic ignored "-Wunused-function"
#pragma GCC diagnostic ignored "-Wunused-parameter"
#include "lib/dr_mp3/dr_mp3.h"
#pragma GCC diagnostic pop

typedef struct {
    ma_dr_mp3dec decoder;
    ma_dr_mp3dec_scratch *scratch;
} dr_t;

static void reset(void *state) {
    memset(state, 0, sizeof(ma_dr_mp3dec));
}

static void *open(void) {
    dr_t *self = codecs_calloc(1, sizeof(*self));
    self->scratch = codecs_calloc(1, sizeof(*self->scratch));
    return self;
}

static int decode(void *state, const uint8_t *data, const codecs_frame_t *frame, int16_t *output) {
    dr_t *self = state;
    ma_dr_mp3dec_frame_info info;
    dr_mp3_scratch = self->scratch;
    int samples = ma_dr_mp3dec_decode_frame(&self->decoder, data, frame->length, output, &info);
    return samples > 0 ? samples : -1;
}

const codecs_decoder_t codecs_mp3_decoder = { "mp3", 4, 8, codecs_parse_mp3, open, reset, decode };
