// The encoder alone, for the sanitizers: `harness_encode WIDTH HEIGHT QUALITY DEPTH` makes a JPEG of the pixels on standard input.
// Each row lies in a block of memory of exactly its size; the heap of objects is malloc() here.
#include <stdio.h>
#include <stdlib.h>

#include "codecs.h"
#include "encode.h"

static void *blocks[8];
static unsigned used;

void *codecs_malloc(size_t size) {
    return blocks[used++] = malloc(size);
}

void *codecs_calloc(size_t count, size_t size) {
    return blocks[used++] = calloc(count, size);
}

static void put(void *to, const uint8_t *bytes, size_t length) {
    fwrite(bytes, 1, length, to);
}

int main(int argc, char **argv) {
    if (argc != 5) {
        return 2;
    }
    unsigned width = atoi(argv[1]), height = atoi(argv[2]), depth = atoi(argv[4]);
    encode_t *encoder = encode_open(put, stdout, width, height, atoi(argv[3]), (const uint8_t *)"", 0);
    for (unsigned y = 0; y < height; y++) {
        uint8_t *row = malloc(width * depth);
        if (fread(row, depth, width, stdin) != width) {
            return 3;
        }
        encode_row(encoder, row, depth);
        free(row);
    }
    while (used) {
        free(blocks[--used]);
    }
    return 0;
}
