// See encode.h.  ITU-T T.81; annex K's quantisation is scaled by the quality as in every libjpeg, colours are JFIF's.
#include <stdbool.h>
#include <string.h>

#include "../codecs/codecs.h"
#include "encode.h"

#define OUTPUT_BYTES (512)

typedef struct {
    uint16_t code[256];
    uint8_t length[256];
} huffman_t;

struct encode {
    encode_write_t write;
    void *to;
    uint32_t width, height;
    uint32_t stride; // of luma: the width, rounded up to 16
    uint32_t row; // the next one
    uint8_t *luma; // 16 rows
    uint8_t *chroma[2]; // 8 rows each, half as wide
    uint16_t *sums[2]; // of chroma, of the first of two rows
    uint32_t reciprocals[2][64]; // 65536 by the divisor, rounded up; in zigzag order
    uint8_t divisors[2][64];
    huffman_t dc[2], ac[2];
    int last_dc[3];
    uint32_t bits; // not written yet, the oldest on the left
    unsigned bits_used;
    size_t used;
    uint8_t output[OUTPUT_BYTES];
};

static const uint8_t zigzag[64] = {
    0, 1, 8, 16, 9, 2, 3, 10, 17, 24, 32, 25, 18, 11, 4, 5, 12, 19, 26, 33, 40, 48, 41, 34, 27, 20, 13, 6, 7, 14, 21, 28,
    35, 42, 49, 56, 57, 50, 43, 36, 29, 22, 15, 23, 30, 37, 44, 51, 58, 59, 52, 45, 38, 31, 39, 46, 53, 60, 61, 54, 47, 55, 62, 63,
};

// K.1 and K.2, row by row.
static const uint8_t quantisation[2][64] = {
    {
        16, 11, 10, 16, 24, 40, 51, 61, 12, 12, 14, 19, 26, 58, 60, 55, 14, 13, 16, 24, 40, 57, 69, 56, 14, 17, 22, 29, 51, 87, 80, 62,
        18, 22, 37, 56, 68, 109, 103, 77, 24, 35, 55, 64, 81, 104, 113, 92, 49, 64, 78, 87, 103, 121, 120, 101, 72, 92, 95, 98, 112, 100,
        103, 99,
    },
    {
        17, 18, 24, 47, 99, 99, 99, 99, 18, 21, 26, 66, 99, 99, 99, 99, 24, 26, 56, 99, 99, 99, 99, 99, 47, 66, 99, 99, 99, 99, 99, 99,
        99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99, 99,
    },
};

// K.3 to K.6 as DHT has them: how many codes of each length, 1 to 16, then the values.  DC and AC, luma and chroma.
static const uint8_t dc_luma[] = { 0, 1, 5, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
static const uint8_t dc_chroma[] = { 0, 3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11 };
static const uint8_t ac_luma[] = {
    0, 2, 1, 3, 3, 2, 4, 3, 5, 5, 4, 4, 0, 0, 1, 0x7d,
    0x01, 0x02, 0x03, 0x00, 0x04, 0x11, 0x05, 0x12, 0x21, 0x31, 0x41, 0x06, 0x13, 0x51, 0x61, 0x07, 0x22, 0x71, 0x14, 0x32, 0x81, 0x91,
    0xa1, 0x08, 0x23, 0x42, 0xb1, 0xc1, 0x15, 0x52, 0xd1, 0xf0, 0x24, 0x33, 0x62, 0x72, 0x82, 0x09, 0x0a, 0x16, 0x17, 0x18, 0x19, 0x1a,
    0x25, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x34, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a, 0x53,
    0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78, 0x79,
    0x7a, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3, 0xa4, 0xa5,
    0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7, 0xc8, 0xc9,
    0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe1, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf1, 0xf2,
    0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
};
static const uint8_t ac_chroma[] = {
    0, 2, 1, 2, 4, 4, 3, 4, 7, 5, 4, 4, 0, 1, 2, 0x77,
    0x00, 0x01, 0x02, 0x03, 0x11, 0x04, 0x05, 0x21, 0x31, 0x06, 0x12, 0x41, 0x51, 0x07, 0x61, 0x71, 0x13, 0x22, 0x32, 0x81, 0x08, 0x14,
    0x42, 0x91, 0xa1, 0xb1, 0xc1, 0x09, 0x23, 0x33, 0x52, 0xf0, 0x15, 0x62, 0x72, 0xd1, 0x0a, 0x16, 0x24, 0x34, 0xe1, 0x25, 0xf1, 0x17,
    0x18, 0x19, 0x1a, 0x26, 0x27, 0x28, 0x29, 0x2a, 0x35, 0x36, 0x37, 0x38, 0x39, 0x3a, 0x43, 0x44, 0x45, 0x46, 0x47, 0x48, 0x49, 0x4a,
    0x53, 0x54, 0x55, 0x56, 0x57, 0x58, 0x59, 0x5a, 0x63, 0x64, 0x65, 0x66, 0x67, 0x68, 0x69, 0x6a, 0x73, 0x74, 0x75, 0x76, 0x77, 0x78,
    0x79, 0x7a, 0x82, 0x83, 0x84, 0x85, 0x86, 0x87, 0x88, 0x89, 0x8a, 0x92, 0x93, 0x94, 0x95, 0x96, 0x97, 0x98, 0x99, 0x9a, 0xa2, 0xa3,
    0xa4, 0xa5, 0xa6, 0xa7, 0xa8, 0xa9, 0xaa, 0xb2, 0xb3, 0xb4, 0xb5, 0xb6, 0xb7, 0xb8, 0xb9, 0xba, 0xc2, 0xc3, 0xc4, 0xc5, 0xc6, 0xc7,
    0xc8, 0xc9, 0xca, 0xd2, 0xd3, 0xd4, 0xd5, 0xd6, 0xd7, 0xd8, 0xd9, 0xda, 0xe2, 0xe3, 0xe4, 0xe5, 0xe6, 0xe7, 0xe8, 0xe9, 0xea, 0xf2,
    0xf3, 0xf4, 0xf5, 0xf6, 0xf7, 0xf8, 0xf9, 0xfa,
};

static void flush(encode_t *self) {
    size_t used = self->used;
    self->used = 0; // whatever becomes of them
    if (used) {
        self->write(self->to, self->output, used);
    }
}

static void put_byte(encode_t *self, unsigned byte) {
    self->output[self->used++] = byte;
    if (self->used == OUTPUT_BYTES) {
        flush(self);
    }
}

static void put_word(encode_t *self, unsigned word) {
    put_byte(self, word >> 8);
    put_byte(self, word & 255);
}

static void put_bytes(encode_t *self, const uint8_t *bytes, size_t length) {
    while (length--) {
        put_byte(self, *bytes++);
    }
}

static void put_bits(encode_t *self, unsigned value, unsigned length) {
    self->bits |= value << (32 - length - self->bits_used);
    self->bits_used += length;
    while (self->bits_used >= 8) {
        unsigned byte = self->bits >> 24;
        put_byte(self, byte);
        if (byte == 0xff) {
            put_byte(self, 0);
        }
        self->bits <<= 8;
        self->bits_used -= 8;
    }
}

// Writes the table and makes codes of it (T.81, annex C).
static void put_huffman(encode_t *self, unsigned which, const uint8_t *table, size_t length, huffman_t *huffman) {
    put_byte(self, which);
    put_bytes(self, table, length);
    const uint8_t *value = table + 16;
    unsigned code = 0;
    for (unsigned bits = 1; bits <= 16; bits++, code <<= 1) {
        for (unsigned count = table[bits - 1]; count; count--, value++, code++) {
            huffman->code[*value] = code;
            huffman->length[*value] = bits;
        }
    }
}

static void put_tables(encode_t *self, unsigned quality) {
    unsigned percent = quality < 50 ? 5000 / quality : 200 - 2 * quality;
    put_word(self, 0xffdb);
    put_word(self, 2 + 2 * 65);
    for (unsigned table = 0; table < 2; table++) {
        put_byte(self, table);
        for (unsigned i = 0; i < 64; i++) {
            unsigned divisor = (quantisation[table][zigzag[i]] * percent + 50) / 100;
            divisor = divisor < 1 ? 1 : divisor > 255 ? 255 : divisor;
            self->divisors[table][i] = divisor;
            self->reciprocals[table][i] = (65536 + divisor - 1) / divisor;
            put_byte(self, divisor);
        }
    }
    put_word(self, 0xffc4);
    put_word(self, 2 + 4 + sizeof(dc_luma) + sizeof(dc_chroma) + sizeof(ac_luma) + sizeof(ac_chroma));
    put_huffman(self, 0x00, dc_luma, sizeof(dc_luma), &self->dc[0]);
    put_huffman(self, 0x10, ac_luma, sizeof(ac_luma), &self->ac[0]);
    put_huffman(self, 0x01, dc_chroma, sizeof(dc_chroma), &self->dc[1]);
    put_huffman(self, 0x11, ac_chroma, sizeof(ac_chroma), &self->ac[1]);
}

encode_t *encode_open(encode_write_t write, void *to, uint32_t width, uint32_t height, unsigned quality,
    const uint8_t *extra, size_t extra_length) {
    static const uint8_t jfif[] = { 0xff, 0xd8, 0xff, 0xe0, 0, 16, 'J', 'F', 'I', 'F', 0, 1, 1, 0, 0, 1, 0, 1, 0, 0 };
    static const uint8_t samples[] = { 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1 };
    static const uint8_t scan[] = { 0xff, 0xda, 0, 12, 3, 1, 0x00, 2, 0x11, 3, 0x11, 0, 63, 0 };
    encode_t *self = codecs_calloc(1, sizeof(*self));
    self->write = write;
    self->to = to;
    self->width = width;
    self->height = height;
    self->stride = (width + 15) & ~15u;
    self->luma = codecs_malloc(16 * self->stride);
    for (unsigned i = 0; i < 2; i++) {
        self->chroma[i] = codecs_malloc(8 * (self->stride / 2));
        self->sums[i] = codecs_malloc(self->stride / 2 * sizeof(uint16_t));
    }
    put_bytes(self, jfif, sizeof(jfif));
    put_bytes(self, extra, extra_length);
    put_tables(self, quality);
    put_word(self, 0xffc0);
    put_word(self, 8 + 9);
    put_byte(self, 8);
    put_word(self, height);
    put_word(self, width);
    put_bytes(self, samples, sizeof(samples));
    put_bytes(self, scan, sizeof(scan));
    return self;
}

// Half of cos(k pi / 16), times 8192; C4 is that of the mean, too.
#define C1 (4017)
#define C2 (3784)
#define C3 (3406)
#define C4 (2896)
#define C5 (2276)
#define C6 (1567)
#define C7 (799)

// The DCT of eight values (A.3.3), each `step` after the other; `shift` is what they lose.
static void transform_line(int *at, unsigned step, unsigned shift) {
    int a0 = at[0] + at[7 * step], b0 = at[0] - at[7 * step];
    int a1 = at[step] + at[6 * step], b1 = at[step] - at[6 * step];
    int a2 = at[2 * step] + at[5 * step], b2 = at[2 * step] - at[5 * step];
    int a3 = at[3 * step] + at[4 * step], b3 = at[3 * step] - at[4 * step];
    int half = 1 << (shift - 1);
    at[0] = (C4 * (a0 + a1 + a2 + a3) + half) >> shift;
    at[4 * step] = (C4 * (a0 - a1 - a2 + a3) + half) >> shift;
    at[2 * step] = (C2 * (a0 - a3) + C6 * (a1 - a2) + half) >> shift;
    at[6 * step] = (C6 * (a0 - a3) - C2 * (a1 - a2) + half) >> shift;
    at[step] = (C1 * b0 + C3 * b1 + C5 * b2 + C7 * b3 + half) >> shift;
    at[3 * step] = (C3 * b0 - C7 * b1 - C1 * b2 - C5 * b3 + half) >> shift;
    at[5 * step] = (C5 * b0 - C1 * b1 + C7 * b2 + C3 * b3 + half) >> shift;
    at[7 * step] = (C7 * b0 - C5 * b1 + C3 * b2 - C1 * b3 + half) >> shift;
}

static unsigned magnitude(unsigned value) {
    unsigned length = 0;
    for (; value; value >>= 1) {
        length++;
    }
    return length;
}

// A code, and behind it the bits of a coefficient (F.1.2.1).
static void put_coefficient(encode_t *self, const huffman_t *huffman, unsigned run, int value) {
    unsigned length = magnitude(value < 0 ? -value : value);
    unsigned symbol = run << 4 | length;
    put_bits(self, huffman->code[symbol], huffman->length[symbol]);
    if (length) {
        put_bits(self, (value < 0 ? value - 1 : value) & ((1u << length) - 1), length);
    }
}

static void put_block(encode_t *self, const uint8_t *pixels, uint32_t stride, unsigned component) {
    unsigned table = component > 0;
    int block[64];
    for (unsigned y = 0; y < 8; y++, pixels += stride) {
        int *row = block + 8 * y;
        for (unsigned x = 0; x < 8; x++) {
            row[x] = pixels[x] - 128;
        }
        transform_line(row, 1, 13 - 3); // three bits more than they had
    }
    for (unsigned x = 0; x < 8; x++) {
        transform_line(block + x, 8, 13 + 3);
    }
    const huffman_t *ac = &self->ac[table];
    unsigned run = 0;
    for (unsigned i = 0; i < 64; i++) {
        int value = block[zigzag[i]];
        unsigned size = value < 0 ? -value : value;
        size = (size + self->divisors[table][i] / 2) * self->reciprocals[table][i] >> 16;
        value = value < 0 ? -(int)size : (int)size;
        if (i == 0) {
            put_coefficient(self, &self->dc[table], 0, value - self->last_dc[component]);
            self->last_dc[component] = value;
        } else if (!value) {
            run++;
        } else {
            for (; run > 15; run -= 16) {
                put_bits(self, ac->code[0xf0], ac->length[0xf0]);
            }
            put_coefficient(self, ac, run, value);
            run = 0;
        }
    }
    if (run) {
        put_bits(self, ac->code[0], ac->length[0]);
    }
}

static void put_band(encode_t *self) {
    uint32_t stride = self->stride;
    for (uint32_t x = 0; x < stride; x += 16) {
        for (unsigned y = 0; y < 16; y += 8) {
            put_block(self, self->luma + y * stride + x, stride, 0);
            put_block(self, self->luma + y * stride + x + 8, stride, 0);
        }
        put_block(self, self->chroma[0] + x / 2, stride / 2, 1);
        put_block(self, self->chroma[1] + x / 2, stride / 2, 2);
    }
}

// One row as luma, and chroma added to the row before.
static void split_row(encode_t *self, const uint8_t *pixels, unsigned depth, unsigned y) {
    uint8_t *luma = self->luma + y * self->stride;
    uint16_t *blue = self->sums[0], *red = self->sums[1];
    if (!(y & 1)) {
        memset(blue, 0, self->stride / 2 * sizeof(*blue));
        memset(red, 0, self->stride / 2 * sizeof(*red));
    }
    for (uint32_t x = 0; x < self->stride; x++) {
        int r, g, b;
        if (depth == 3) {
            r = pixels[0];
            g = pixels[1];
            b = pixels[2];
        } else { // the upper bits again below, so that white stays white
            r = (pixels[0] & 0xf8) | pixels[0] >> 5;
            g = (pixels[0] << 5 & 0xe0) | (pixels[1] >> 3 & 0x1c) | (pixels[0] >> 1 & 3);
            b = (pixels[1] << 3 & 0xf8) | (pixels[1] >> 2 & 7);
        }
        luma[x] = (19595 * r + 38470 * g + 7471 * b + 32768) >> 16;
        blue[x / 2] += (-11059 * r - 21709 * g + 32768 * b + (128 << 16) + 32767) >> 16;
        red[x / 2] += (32768 * r - 27439 * g - 5329 * b + (128 << 16) + 32767) >> 16;
        if (x + 1 < self->width) { // the last pixel again beyond the edge
            pixels += depth;
        }
    }
    if (y & 1) {
        uint32_t at = y / 2 * (self->stride / 2);
        for (uint32_t x = 0; x < self->stride / 2; x++) {
            self->chroma[0][at + x] = (blue[x] + 2) >> 2;
            self->chroma[1][at + x] = (red[x] + 2) >> 2;
        }
    }
}

void encode_row(encode_t *self, const uint8_t *pixels, unsigned depth) {
    if (self->row >= self->height) {
        return;
    }
    unsigned y = self->row++ % 16;
    bool is_last = self->row == self->height;
    split_row(self, pixels, depth, y);
    while (is_last && y < 15) { // the last row again below the edge
        split_row(self, pixels, depth, ++y);
    }
    if (y == 15) {
        put_band(self);
    }
    if (is_last) {
        put_bits(self, 0x7f, 7); // to the end of a byte
        put_word(self, 0xffd9);
        flush(self);
    }
}
