// A picture made smaller while its rows come: each pixel is the mean of those of the file whose centres lie in it.
#include <string.h>

#include "images.h"

// Of a box more rows would overflow the sums (8192 * 2048 * 255 is just below 2**32); they do not count then.
#define MOST_ROWS (2048)

uint32_t images_bound(const images_side_t *side, unsigned shrink, uint32_t place) {
    // The centre of x is (2 x + 1) shrink / 2; its pixel begins at first + place length / count.
    uint32_t begin = 2 * (side->length * place + side->first * side->count);
    uint32_t pixel = shrink * side->count;
    return begin <= pixel ? 0 : (begin - pixel + 2 * pixel - 1) / (2 * pixel);
}

void images_put(const uint8_t *pixel, unsigned channels, uint8_t *rgb565, uint8_t *alpha) {
    unsigned red = pixel[0], green = red, blue = red;
    if (channels > 1) {
        green = pixel[1];
        blue = pixel[2];
    }
    rgb565[0] = (red & 0xf8) | green >> 5;
    rgb565[1] = (green << 3 & 0xe0) | blue >> 3;
    if (alpha) {
        *alpha = channels == 4 ? pixel[3] : 255;
    }
}

void images_put_rgb(const uint8_t *pixel, unsigned channels, uint8_t *rgb) {
    for (unsigned i = 0; i < 3; i++) {
        unsigned value = pixel[channels > 1 ? i : 0];
        rgb[i] = channels == 4 ? (value * pixel[3] + 255 * (255 - pixel[3]) + 127) / 255 : value;
    }
}

void images_add(images_box_t *box, const uint8_t *row) {
    if (box->rows >= MOST_ROWS) {
        return;
    }
    box->rows++;
    unsigned channels = box->channels;
    const uint8_t *at = row + box->bounds[0] * channels;
    uint32_t *sums = box->sums;
    for (uint32_t x = 0; x < box->width; x++, sums += channels) {
        const uint8_t *end = row + box->bounds[x + 1] * channels;
        if (channels == 3) {
            uint32_t red = sums[0], green = sums[1], blue = sums[2];
            for (; at < end; at += 3) {
                red += at[0];
                green += at[1];
                blue += at[2];
            }
            sums[0] = red;
            sums[1] = green;
            sums[2] = blue;
        } else if (channels == 1) {
            for (; at < end; at++) {
                *sums += *at;
            }
        } else {
            for (; at < end; at += 4) { // what is transparent has no colour: colours count as much as they are seen
                uint32_t alpha = at[3];
                for (unsigned i = 0; i < 3; i++) {
                    sums[i] += (at[i] * alpha + 128) * 257 >> 16;
                }
                sums[3] += alpha;
            }
        }
    }
}

void images_average(images_box_t *box, unsigned depth, uint8_t *out, uint8_t *alpha) {
    unsigned channels = box->channels;
    uint32_t *sums = box->sums;
    for (uint32_t x = 0; x < box->width; x++, sums += channels, out += depth) {
        uint32_t count = (box->bounds[x + 1] - box->bounds[x]) * box->rows;
        uint8_t pixel[4] = { 0, 0, 0, 255 };
        if (channels == 4) {
            uint32_t seen = sums[3];
            unsigned shift = seen > 0xffffff ? 8 : 0; // so that 255 times as much has room
            seen >>= shift;
            for (unsigned i = 0; i < 3 && seen; i++) {
                uint32_t value = ((sums[i] >> shift) * 255 + seen / 2) / seen;
                pixel[i] = value > 255 ? 255 : value;
            }
            pixel[3] = sums[3] / count;
        } else {
            for (unsigned i = 0; i < channels; i++) {
                pixel[i] = sums[i] / count;
            }
        }
        if (depth == 3) {
            images_put_rgb(pixel, channels, out);
        } else {
            images_put(pixel, channels, out, alpha ? alpha + x : NULL);
        }
    }
    memset(box->sums, 0, box->width * channels * sizeof(*box->sums));
    box->rows = 0;
}
