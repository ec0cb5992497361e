// What a library of pictures looks like to the module: rows from the top, which scale.c makes as small as they are shown.
#ifndef MPKIOSK_IMAGES_H
#define MPKIOSK_IMAGES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// Memory for a picture at work, from the heap of objects: see codecs/memory.c.
#include "../codecs/codecs.h"

#define IMAGES_MOST_SIDE (8192)

typedef struct images_stream images_stream_t;

// The next bytes of the file: as many as asked for, less only at its end.  Raises what the stream raises.
size_t images_read(images_stream_t *stream, uint8_t *bytes, size_t length);

// Leave the library with a ValueError; what it allocated is given back on the way out.
void images_refuse(const char *reason) __attribute__((noreturn));

// Likewise with a MemoryError.
void images_lack_memory(void) __attribute__((noreturn));

typedef struct {
    uint32_t width; // of the file
    uint32_t height;
    uint8_t channels; // of a row's pixels: 1 grey, 3 red, green, blue, 4 with alpha
    uint8_t shrink; // a row has a pixel for each `shrink` columns and rows of the file
    bool interlaced; // rows come several times, each time with other pixels of them
} images_picture_t;

// One of the rows that a library gives.
typedef struct {
    const uint8_t *pixels;
    uint32_t number;
    uint8_t first; // of an interlaced one: the first column that is there, and the distance to the next
    uint8_t step;
} images_row_t;

typedef struct {
    const char *format;
    // Read the file's head.
    void *(*open)(images_stream_t *stream, images_picture_t *picture);
    // Begin with the rows, which may have one pixel for each `most_shrink` of the file's.
    void (*start)(void *state, images_picture_t *picture, unsigned most_shrink);
    // The next row; false at the end of the picture.
    bool (*row)(void *state, images_row_t *row);
    // Faults in the data that the library made up for.
    size_t (*damaged)(void *state);
} images_library_t;

extern const images_library_t images_png;
extern const images_library_t images_jpeg;

// One side of the part that is shown: `length` pixels of the file from `first` on become `count`.
typedef struct {
    uint32_t first;
    uint32_t length;
    uint32_t count;
} images_side_t;

// The first pixel of a library's row (or the first row) that belongs to the pixel `place` of what is shown.
uint32_t images_bound(const images_side_t *side, unsigned shrink, uint32_t place);

typedef struct {
    uint16_t *bounds; // images_bound() of each column, and where the last one ends
    uint32_t *sums; // of the rows since the last images_average(), channel by channel of each pixel; NULL: nothing is averaged
    uint32_t width;
    uint32_t rows;
    uint8_t channels;
} images_box_t;

// Add a row to the sums.
void images_add(images_box_t *box, const uint8_t *row);

// The mean of the rows so far as images_put() (depth 2; alpha NULL: none) or images_put_rgb() has it, and begin anew.
void images_average(images_box_t *box, unsigned depth, uint8_t *out, uint8_t *alpha);

// One pixel as RGB565, the higher byte first.
void images_put(const uint8_t *pixel, unsigned channels, uint8_t *rgb565, uint8_t *alpha);

// One pixel as red, green, blue; over white if it is transparent.
void images_put_rgb(const uint8_t *pixel, unsigned channels, uint8_t *rgb);

#endif
