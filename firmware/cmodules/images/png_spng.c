// PNG by libspng (BSD-2-Clause) over zlib (zlib licence): all kinds of the standard, 16 bits as their upper 8.
#include <math.h>
#include <string.h>
#include <zlib.h>

#include "images.h"
#include "../codecs/allocation.h"

// The library is one file, and these are for writing and for gAMA, which nobody asks it for here.
#define deflateEnd(stream) ((void)(stream))
#define pow(base, exponent) ((void)(base), (void)(exponent), 0.0f)
#include "lib/libspng/spng/spng.c"

typedef struct {
    images_stream_t *stream;
    spng_ctx *context;
    uint8_t head[8]; // of a chunk: its length and its name
    uint8_t head_used;
    uint32_t chunk_left; // bytes of the signature, or of a chunk and its CRC
    uint8_t *pixels;
    uint32_t pixels_bytes;
} png_t;

static void check(int error) {
    if (error == SPNG_EMEM) {
        images_lack_memory();
    }
    if (error == SPNG_IO_EOF || error == SPNG_EOF) {
        images_refuse("the PNG is cut off");
    }
    if (error) {
        images_refuse("the PNG is damaged");
    }
}

// Chunks that say nothing about the pixels are left out here, before the library would hold texts and profiles.
static bool find_chunk(png_t *self) {
    for (;;) {
        if (images_read(self->stream, self->head, sizeof(self->head)) < sizeof(self->head)) {
            return false;
        }
        uint32_t length = (uint32_t)self->head[0] << 24 | self->head[1] << 16 | self->head[2] << 8 | self->head[3];
        if (!(self->head[4] & 0x20) || memcmp(self->head + 4, "tRNS", 4) == 0 || length > 0x7fffffff) {
            self->head_used = 0;
            self->chunk_left = length + 4;
            return true;
        }
        for (uint32_t left = length + 4; left;) {
            uint8_t dropped[64];
            uint32_t part = left < sizeof(dropped) ? left : sizeof(dropped);
            if (images_read(self->stream, dropped, part) < part) {
                return false;
            }
            left -= part;
        }
    }
}

static int pass_chunks(spng_ctx *context, void *user, void *destination, size_t length) {
    (void)context;
    png_t *self = user;
    for (uint8_t *bytes = destination; length;) {
        size_t part = sizeof(self->head) - self->head_used;
        if (part) {
            part = part < length ? part : length;
            memcpy(bytes, self->head + self->head_used, part);
            self->head_used += part;
        } else if (self->chunk_left) {
            part = self->chunk_left < length ? self->chunk_left : length;
            if (images_read(self->stream, bytes, part) < part) {
                return SPNG_IO_EOF;
            }
            self->chunk_left -= part;
        } else if (!find_chunk(self)) {
            return SPNG_IO_EOF;
        }
        bytes += part;
        length -= part;
    }
    return 0;
}

static void *open(images_stream_t *stream, images_picture_t *picture) {
    struct spng_alloc memory = { codecs_malloc, codecs_realloc, codecs_calloc, codecs_free };
    png_t *self = codecs_calloc(1, sizeof(*self));
    self->stream = stream;
    self->head_used = sizeof(self->head);
    self->chunk_left = 8;
    self->context = spng_ctx_new2(&memory, 0);
    check(self->context ? 0 : SPNG_EMEM);
    struct spng_ihdr head;
    struct spng_trns transparent;
    check(spng_set_image_limits(self->context, IMAGES_MOST_SIDE, IMAGES_MOST_SIDE));
    check(spng_set_png_stream(self->context, pass_chunks, self));
    self->context->image_options.window_bits = 0; // what the file says, as libpng has it: less than 32 KB for a small one
    check(spng_get_ihdr(self->context, &head));
    int error = spng_get_trns(self->context, &transparent);
    check(error == SPNG_ECHUNKAVAIL ? 0 : error);
    picture->width = head.width;
    picture->height = head.height;
    picture->channels = error == 0 || head.color_type & 4 ? 4 : 3;
    picture->interlaced = head.interlace_method;
    return self;
}

static void start(void *state, images_picture_t *picture, unsigned most_shrink) {
    (void)most_shrink;
    png_t *self = state;
    self->pixels_bytes = picture->width * picture->channels;
    self->pixels = codecs_malloc(self->pixels_bytes);
    int format = picture->channels == 4 ? SPNG_FMT_RGBA8 : SPNG_FMT_RGB8;
    int flags = SPNG_DECODE_PROGRESSIVE | (picture->channels == 4 ? SPNG_DECODE_TRNS : 0);
    check(spng_decode_image(self->context, NULL, 0, format, flags));
}

static bool row(void *state, images_row_t *row) {
    png_t *self = state;
    struct spng_row_info place;
    int error = spng_get_row_info(self->context, &place);
    if (error == SPNG_EOI) {
        return false;
    }
    check(error);
    error = spng_decode_row(self->context, self->pixels, self->pixels_bytes);
    check(error == SPNG_EOI ? 0 : error); // which comes with the last row
    row->pixels = self->pixels;
    row->number = place.row_num;
    row->first = adam7_x_start[place.pass];
    row->step = adam7_x_delta[place.pass];
    return true;
}

static size_t damaged(void *state) {
    (void)state;
    return 0; // the library does not go on behind a fault
}

const images_library_t images_png = { "png", open, start, row, damaged };
