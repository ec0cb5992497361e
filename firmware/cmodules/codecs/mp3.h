// The decoder of MP3 (ISO 11172-3 layer III, 13818-3, MPEG 2.5), in fixed point for cores that multiply 32 by 32 bits to
// 32: what its parts share.  mp3.c: frames; mp3_side.c: what tells how a granule is coded; mp3_huffman.c: its numbers;
// mp3_stereo.c: its channels; mp3_imdct.c: the bands over time; mp3_synthesis.c: the samples.
//
// The structure and the tables are those of dr_mp3 0.6.40 by David Reid (public domain or MIT-0), in miniaudio 0.11.22,
// which comes from minimp3 by lieff (CC0); the arithmetic is ours: theirs is in floating point.
//
// Numbers: spectrum and subbands have full scale at 1 << MP3_SCALE_BITS, 6 bits below the sample's last, so that what a few
// hundred of them sum up to keeps 16 bits.
#ifndef MPKIOSK_MP3_H
#define MPKIOSK_MP3_H

#include <stdbool.h>
#include <stdint.h>

#define MP3_SCALE_BITS (21)
#define MP3_LINES (576) // of a granule's spectrum, for each channel: 18 in each of 32 subbands
#define MP3_SLOTS (18)
#define MP3_RESERVOIR_BYTES (511) // of earlier frames' data that a frame may refer to
#define MP3_FRAME_BYTES (1441) // the longest: 320 kbit/s at 32 kHz, with padding

typedef struct {
    const uint8_t *data;
    unsigned at; // bits
    unsigned end; // bits; what is read behind it is 0
} mp3_bits_t;

// How one channel of a granule is coded.
typedef struct {
    const uint8_t *widths; // of the bands of scale factors, in lines; of short blocks one for each of the three windows
    uint16_t bits; // of its scale factors and numbers
    uint16_t big_values; // pairs
    uint16_t scalefac_compress;
    uint8_t global_gain, block_type, long_bands, short_bands;
    bool mixed, preflag, scalefac_scale, count1_table;
    uint8_t table_select[3], region_count[3], subblock_gain[3];
    uint8_t scfsi; // a bit for each group of bands whose scale factors are those of the granule before
} mp3_granule_t;

enum { MP3_SHORT_BLOCK = 2, MP3_STOP_BLOCK = 3 };

// What the four bytes of a header say.
static inline bool mp3_is_mono(const uint8_t *header) {
    return header[3] >> 6 == 3;
}

static inline bool mp3_is_mpeg1(const uint8_t *header) {
    return header[1] & 8;
}

static inline bool mp3_has_intensity(const uint8_t *header) {
    return (header[3] & 0xd0) == 0x50;
}

static inline bool mp3_has_mid_side(const uint8_t *header) {
    return (header[3] & 0xe0) == 0x60;
}

// 0: 11,025 and 12,000 Hz, 1: 8,000, 2 to 4: MPEG 2's rates, 5 to 7: MPEG 1's.
static inline unsigned mp3_rate_index(const uint8_t *header) {
    unsigned index = (header[2] >> 2 & 3) + ((header[1] >> 3 & 1) + (header[1] >> 4 & 1)) * 3;
    return index - (index != 0);
}

// x * factor / 2**bits, rounded down, of a factor of 16 bits; two multiplications, and no other way to the same bits.
static inline int32_t mp3_times(int32_t x, int32_t factor, int bits) {
    return (int32_t)((uint32_t)((x >> 16) * factor) << (16 - bits)) + ((int32_t)(x & 0xffff) * factor >> bits);
}

// The same for a constant: with as many bits as it may have.
#define MP3_BITS_OF(c) ((c) < 0.5 ? 16 : (c) < 1 ? 15 : (c) < 2 ? 14 : (c) < 4 ? 13 : (c) < 8 ? 12 : 11)
#define MP3_TIMES(x, c) mp3_times(x, (int32_t)((c) * (1 << MP3_BITS_OF(c)) + 0.5), MP3_BITS_OF(c))
// For tables of what is at most 1.
#define MP3_Q15(c) ((uint16_t)((c) * 32768 + 0.5))

unsigned mp3_get(mp3_bits_t *bits, unsigned count);

// The side information of all channels of a frame, into `granules`; where its data begins, in bytes before the frame's own,
// or -1 for damage.
int mp3_read_side(mp3_bits_t *bits, mp3_granule_t *granules, const uint8_t *header);
// The scale factors of one channel; into `exponents` what each band is divided by, as quarters of powers of 2; into
// `positions` what they say of intensity stereo, 255: nothing.  Those of the granule before are there when it is called.
void mp3_read_exponents(mp3_bits_t *bits, const mp3_granule_t *granule, const uint8_t *header, int channel,
    int16_t exponents[40], uint8_t positions[39]);
// The spectrum, up to the bit `end`, `lines` being all 0 before; how many from the first on may be other than 0, -1 for
// damage.  With `up` none becomes 0 by rounding.
int mp3_read_lines(mp3_bits_t *bits, const mp3_granule_t *granule, const int16_t *exponents, unsigned end,
    bool up, int32_t *lines);

// Both channels of it, from what is coded to left and right; `count` lines of each may be other than 0, before and after.
void mp3_mid_side(int32_t (*lines)[MP3_LINES], unsigned count);
void mp3_intensity(int32_t (*lines)[MP3_LINES], uint8_t *positions, const mp3_granule_t *granules, const uint8_t *header);

// A channel's spectrum to its subbands, in place: `lines[18 * band + slot]`.  `overlap` (9 numbers a band) is what is left
// of the granule before, in `bands` subbands; the new number of those is returned.
unsigned mp3_imdct(int32_t *lines, unsigned count, const mp3_granule_t *granule, int32_t *overlap, unsigned bands);

// What synthesis remembers of a channel: of each of 32 cosines the last 16 slots, even and odd ones apart.
typedef int32_t mp3_memory_t[32][2][8];

// Subbands to samples of one channel, `stride` apart; `slot` counts from 0 to 15 and around.
void mp3_synthesize(const int32_t *lines, mp3_memory_t memory, unsigned slot, int16_t *samples, unsigned stride);

#endif
