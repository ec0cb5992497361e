// A JPEG written row by row: baseline, 8 bits, 4:2:0, the tables of T.81's annex K.
#ifndef MPKIOSK_IMAGES_ENCODE_H
#define MPKIOSK_IMAGES_ENCODE_H

#include <stddef.h>
#include <stdint.h>

typedef struct encode encode_t;

// Where the bytes go; it may leave with an exception.
typedef void (*encode_write_t)(void *to, const uint8_t *bytes, size_t length);

// Write the head, with `extra`, whole segments, in it.  Sides are 1 to 65535, quality as libjpeg's, 1 to 100.
// Allocates 26 bytes for each pixel of the width, rounded up to 16, and 4.5 KB.
encode_t *encode_open(encode_write_t write, void *to, uint32_t width, uint32_t height, unsigned quality,
    const uint8_t *extra, size_t extra_length);

// The next row: `depth` is 3 (red, green, blue) or 2 (RGB565, the higher byte first).  The last one ends the file.
void encode_row(encode_t *self, const uint8_t *pixels, unsigned depth);

#endif
