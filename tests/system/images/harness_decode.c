// The decoders alone, for the sanitizers: `harness_decode FORMAT FILE STEP` decodes a file with each STEPth byte of it
// changed in four ways, and cut off there, in full colour and as RGB565, and says how often that went well and how often not.
// The heap of objects is malloc() here, so that each block has its exact size.
#include <setjmp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "images.h"

#define MOST_BLOCKS (1000)
#define MOST_PIXELS (1 << 20) // what a changed head says may be large, and there is no time for it

struct images_stream {
    const uint8_t *bytes;
    size_t size, at;
};

static void *blocks[MOST_BLOCKS];
static jmp_buf refused;

static void *kept(void *block) {
    for (unsigned i = 0; i < MOST_BLOCKS; i++) {
        if (!blocks[i]) {
            return blocks[i] = block;
        }
    }
    abort();
}

void *codecs_malloc(size_t size) {
    if (size > 1 << 26) {
        images_lack_memory();
    }
    return kept(malloc(size ? size : 1));
}

void *codecs_calloc(size_t count, size_t size) {
    return memset(codecs_malloc(count * size), 0, count * size);
}

void codecs_free(void *memory) {
    for (unsigned i = 0; i < MOST_BLOCKS && memory; i++) {
        if (blocks[i] == memory) {
            blocks[i] = NULL;
            free(memory);
            return;
        }
    }
}

void *codecs_realloc(void *memory, size_t size) {
    (void)memory;
    (void)size;
    abort(); // the libraries do not ask for it, or not the bytes of before could be known
}

size_t images_read(images_stream_t *stream, uint8_t *bytes, size_t length) {
    size_t left = stream->size - stream->at;
    length = length < left ? length : left;
    memcpy(bytes, stream->bytes + stream->at, length);
    stream->at += length;
    return length;
}

void images_refuse(const char *reason) {
    (void)reason;
    longjmp(refused, 1);
}

void images_lack_memory(void) {
    longjmp(refused, 1);
}

// What libspng writes with, and a firmware's linker drops, as nothing is written.
#define NEVER_CALLED(name) \
    void name(void) { \
        abort(); \
    }
NEVER_CALLED(deflateInit2_)
NEVER_CALLED(deflate)
NEVER_CALLED(deflateBound)
NEVER_CALLED(compress2)
NEVER_CALLED(compressBound)

static void rows(const images_library_t *library, void *state, images_picture_t *picture, unsigned depth, unsigned shrink) {
    shrink = shrink < picture->width ? shrink : picture->width;
    shrink = shrink < picture->height ? shrink : picture->height;
    library->start(state, picture, shrink); // which never makes it smaller than it is shown
    images_side_t across = { 0, picture->width, picture->width / shrink };
    images_box_t box = { .width = across.count, .channels = picture->channels };
    box.bounds = codecs_malloc((across.count + 1) * sizeof(*box.bounds));
    for (uint32_t x = 0; x <= across.count; x++) {
        box.bounds[x] = images_bound(&across, picture->shrink, x);
    }
    box.sums = codecs_calloc(across.count * picture->channels, sizeof(*box.sums));
    bool has_alpha = picture->channels == 4 && depth == 2;
    uint8_t *out = codecs_malloc(across.count * depth), *alpha = has_alpha ? codecs_malloc(across.count) : NULL;
    images_row_t row;
    while (library->row(state, &row)) {
        if (picture->interlaced) {
            for (uint32_t x = row.first; x < picture->width; x += row.step) {
                uint8_t pixel[3];
                images_put_rgb(row.pixels + x * picture->channels, picture->channels, pixel);
            }
            continue;
        }
        images_add(&box, row.pixels);
        images_average(&box, depth, out, alpha);
    }
}

static bool decode(const images_library_t *library, const uint8_t *bytes, size_t size, unsigned depth, unsigned shrink) {
    images_stream_t stream = { bytes, size, 0 };
    images_picture_t picture = { .shrink = 1 };
    bool is_good = false;
    if (!setjmp(refused)) {
        void *state = library->open(&stream, &picture);
        if ((uint64_t)picture.width * picture.height > MOST_PIXELS) {
            images_lack_memory();
        }
        rows(library, state, &picture, depth, shrink);
        is_good = true;
    }
    for (unsigned i = 0; i < MOST_BLOCKS; i++) {
        free(blocks[i]);
        blocks[i] = NULL;
    }
    return is_good;
}

int main(int argc, char **argv) {
    if (argc != 4) {
        return 2;
    }
    const images_library_t *library = strcmp(argv[1], "png") ? &images_jpeg : &images_png;
    FILE *file = fopen(argv[2], "rb");
    static uint8_t whole[1 << 16];
    size_t size = file ? fread(whole, 1, sizeof(whole), file) : 0, step = atoi(argv[3]);
    static const uint8_t flips[] = { 1, 0x40, 0x80, 0xff };
    unsigned good = 0, bad = 0, turn = 0;
    if (!decode(library, whole, size, 3, 1)) {
        return 3;
    }
    for (size_t at = 0; at < size; at += step) {
        for (unsigned i = 0; i <= sizeof(flips); i++, turn++) {
            if (i < sizeof(flips)) {
                whole[at] ^= flips[i];
            }
            bool is_good = decode(library, whole, i < sizeof(flips) ? size : at, 2 + turn % 2, 1 << turn / 2 % 4);
            good += is_good;
            bad += !is_good;
            if (i < sizeof(flips)) {
                whole[at] ^= flips[i];
            }
        }
    }
    printf("%u %u\n", good, bad);
    return 0;
}
