// MP3: from a spectrum to 32 subbands over time.  After dr_mp3 (mp3.h).
#include <string.h>

#include "mp3.h"

// The three windows of a short block, line by line instead of one after the other; return where the last band ends that
// begins before `count`.
static unsigned interleave(int32_t *lines, const uint8_t *width, unsigned count) {
    unsigned at = 0;
    int32_t block[3 * 66]; // of the widest band
    for (; at < count && *width; width += 3) {
        unsigned one = *width;
        memcpy(block, lines + at, 3 * one * sizeof(*lines));
        for (unsigned i = 0; i < one; i++, at += 3) {
            lines[at] = block[i];
            lines[at + 1] = block[one + i];
            lines[at + 2] = block[2 * one + i];
        }
    }
    return at;
}

// x, y turned by an angle, of whose cosine and sine there are 15 bits: the halves of the products are
// added to those of the other before they are put together.
static inline void rotate(int32_t x, int32_t y, int32_t cosine, int32_t sine, int32_t *turned_x, int32_t *turned_y) {
    int32_t x_high = x >> 16, y_high = y >> 16;
    uint32_t x_low = x & 0xffff, y_low = y & 0xffff;
    *turned_x = (x_high * cosine - y_high * sine) * 2 + ((int32_t)(x_low * cosine - y_low * sine) >> 15);
    *turned_y = (x_high * sine + y_high * cosine) * 2 + (int32_t)((x_low * sine + y_low * cosine) >> 15);
}

static void reduce_alias(int32_t *lines, unsigned boundaries) {
    static const uint16_t factors[8][2] = {
        { MP3_Q15(0.85749293), MP3_Q15(0.51449576) },
        { MP3_Q15(0.88174200), MP3_Q15(0.47173197) },
        { MP3_Q15(0.94962865), MP3_Q15(0.31337745) },
        { MP3_Q15(0.98331459), MP3_Q15(0.18191320) },
        { MP3_Q15(0.99551782), MP3_Q15(0.09457419) },
        { MP3_Q15(0.99916056), MP3_Q15(0.04096558) },
        { MP3_Q15(0.99989920), MP3_Q15(0.01419856) },
        { MP3_Q15(0.99999316), MP3_Q15(0.00369997) },
    };
    for (; boundaries; boundaries--) {
        lines += MP3_SLOTS;
        int32_t *up = lines, *down = lines - 1;
        for (const uint16_t *f = factors[0]; f < factors[8]; f += 2) {
            rotate(*up, *down, f[0], f[1], up, down);
            up++;
            down--;
        }
    }
}

static void dct_9(int32_t *y) {
    int32_t s0 = y[0], s2 = y[2], s4 = y[4], s6 = y[6], s8 = y[8];
    int32_t t0 = s0 + (s6 >> 1);
    s0 -= s6;
    int32_t t4 = MP3_TIMES(s4 + s2, 0.93969262);
    int32_t t2 = MP3_TIMES(s8 + s2, 0.76604444);
    s6 = MP3_TIMES(s4 - s8, 0.17364818);
    s4 += s8 - s2;
    s2 = s0 - (s4 >> 1);
    y[4] = s4 + s0;
    s8 = t0 - t2 + s6;
    s0 = t0 - t4 + t2;
    s4 = t0 + t4 - s6;
    int32_t s1 = y[1], s3 = y[3], s5 = y[5], s7 = y[7];
    s3 = MP3_TIMES(s3, 0.86602540);
    t0 = MP3_TIMES(s5 + s1, 0.98480775);
    t4 = MP3_TIMES(s5 - s7, 0.34202014);
    t2 = MP3_TIMES(s1 + s7, 0.64278761);
    s1 = MP3_TIMES(s1 - s5 - s7, 0.86602540);
    s5 = t0 - s3 - t2;
    s7 = t4 - s3 - t0;
    s3 = t4 + s3 - t2;
    y[0] = s4 - s7;
    y[1] = s2 + s1;
    y[2] = s0 - s3;
    y[3] = s8 + s5;
    y[5] = s8 - s5;
    y[6] = s0 + s3;
    y[7] = s2 - s1;
    y[8] = s4 + s7;
}

// [of a stop block][i][of two twiddle factors, of two of the window]
static const uint16_t long_factors[2][9][4] = {
    {
        { MP3_Q15(0.73727734), MP3_Q15(0.67559021), MP3_Q15(0.99904822), MP3_Q15(0.04361938) },
        { MP3_Q15(0.79335334), MP3_Q15(0.60876143), MP3_Q15(0.99144486), MP3_Q15(0.13052619) },
        { MP3_Q15(0.84339145), MP3_Q15(0.53729961), MP3_Q15(0.97629601), MP3_Q15(0.21643961) },
        { MP3_Q15(0.88701083), MP3_Q15(0.46174861), MP3_Q15(0.95371695), MP3_Q15(0.30070580) },
        { MP3_Q15(0.92387953), MP3_Q15(0.38268343), MP3_Q15(0.92387953), MP3_Q15(0.38268343) },
        { MP3_Q15(0.95371695), MP3_Q15(0.30070580), MP3_Q15(0.88701083), MP3_Q15(0.46174861) },
        { MP3_Q15(0.97629601), MP3_Q15(0.21643961), MP3_Q15(0.84339145), MP3_Q15(0.53729961) },
        { MP3_Q15(0.99144486), MP3_Q15(0.13052619), MP3_Q15(0.79335334), MP3_Q15(0.60876143) },
        { MP3_Q15(0.99904822), MP3_Q15(0.04361938), MP3_Q15(0.73727734), MP3_Q15(0.67559021) },
    },
    {
        { MP3_Q15(0.73727734), MP3_Q15(0.67559021), MP3_Q15(1), MP3_Q15(0) },
        { MP3_Q15(0.79335334), MP3_Q15(0.60876143), MP3_Q15(1), MP3_Q15(0) },
        { MP3_Q15(0.84339145), MP3_Q15(0.53729961), MP3_Q15(1), MP3_Q15(0) },
        { MP3_Q15(0.88701083), MP3_Q15(0.46174861), MP3_Q15(1), MP3_Q15(0) },
        { MP3_Q15(0.92387953), MP3_Q15(0.38268343), MP3_Q15(1), MP3_Q15(0) },
        { MP3_Q15(0.95371695), MP3_Q15(0.30070580), MP3_Q15(1), MP3_Q15(0) },
        { MP3_Q15(0.97629601), MP3_Q15(0.21643961), MP3_Q15(0.99144486), MP3_Q15(0.13052619) },
        { MP3_Q15(0.99144486), MP3_Q15(0.13052619), MP3_Q15(0.92387953), MP3_Q15(0.38268343) },
        { MP3_Q15(0.99904822), MP3_Q15(0.04361938), MP3_Q15(0.79335334), MP3_Q15(0.60876143) },
    },
};

static void long_blocks(int32_t *lines, int32_t *overlap, const uint16_t (*factors)[4], unsigned bands) {
    for (; bands; bands--, lines += MP3_SLOTS) {
        int32_t both[18], *co = both, *si = both + 9;
        co[0] = -lines[0];
        si[0] = lines[17];
        for (int i = 0; i < 4; i++) {
            const int32_t *x = &lines[4 * i];
            si[8 - 2 * i] = x[1] - x[2];
            co[1 + 2 * i] = x[1] + x[2];
            si[7 - 2 * i] = x[4] - x[3];
            co[2 + 2 * i] = -(x[3] + x[4]);
        }
        dct_9(co);
        dct_9(si);
        si[1] = -si[1];
        si[3] = -si[3];
        si[5] = -si[5];
        si[7] = -si[7];
        const uint16_t *f = factors[0];
        const int32_t *from = both;
        for (int32_t *low = lines, *high = lines + 17; low < high; low++, high--, f += 4, from++, overlap++) {
            int32_t now, before = *overlap;
            rotate(from[0], from[9], f[0], f[1], overlap, &now);
            rotate(before, now, f[2], f[3], low, high);
        }
    }
}

static void dct_3(int32_t x0, int32_t x1, int32_t x2, int32_t *y) {
    int32_t m1 = MP3_TIMES(x1, 0.86602540);
    int32_t a1 = x0 - (x2 >> 1);
    y[1] = x0 + x2;
    y[0] = a1 + m1;
    y[2] = a1 - m1;
}

static void imdct_12(const int32_t *x, int32_t *y, int32_t *overlap) {
    static const uint16_t twiddles[6] = {
        MP3_Q15(0.79335334), MP3_Q15(0.92387953), MP3_Q15(0.99144486),
        MP3_Q15(0.60876143), MP3_Q15(0.38268343), MP3_Q15(0.13052619),
    };
    int32_t co[3], si[3];
    dct_3(-x[0], x[6] + x[3], x[12] + x[9], co);
    dct_3(x[15], x[12] - x[9], x[6] - x[3], si);
    si[1] = -si[1];
    for (int i = 0; i < 3; i++) {
        int32_t now, before = overlap[i];
        rotate(co[i], si[i], twiddles[i], twiddles[3 + i], &overlap[i], &now);
        rotate(before, now, twiddles[2 - i], twiddles[5 - i], &y[i], &y[5 - i]);
    }
}

static void short_blocks(int32_t *lines, int32_t *overlap, unsigned bands) {
    for (; bands; bands--, lines += MP3_SLOTS, overlap += 9) {
        int32_t x[MP3_SLOTS];
        memcpy(x, lines, sizeof(x));
        memcpy(lines, overlap, 6 * sizeof(*lines));
        imdct_12(x, lines + 6, overlap + 6);
        imdct_12(x + 1, lines + 12, overlap + 6);
        imdct_12(x + 2, overlap, overlap + 6);
    }
}

unsigned mp3_imdct(int32_t *lines, unsigned count, const mp3_granule_t *granule, int32_t *overlap, unsigned bands) {
    // Of mixed blocks, the subbands at the bottom that are long ones.
    unsigned plain = granule->mixed ? 2 : 0;
    unsigned boundaries = 31;
    if (granule->short_bands) {
        unsigned first = plain * MP3_SLOTS;
        count = first + interleave(lines + first, granule->widths + granule->long_bands, count > first ? count - first : 0);
        boundaries = plain ? plain - 1 : 0;
    }
    unsigned filled = (count + MP3_SLOTS - 1) / MP3_SLOTS;
    if (boundaries > filled) {
        boundaries = filled;
    }
    reduce_alias(lines, boundaries);
    filled += filled < 32; // what the one below has sent there
    unsigned both = filled > bands ? filled : bands;
    if (plain > both) {
        plain = both;
    }
    long_blocks(lines, overlap, long_factors[0], plain);
    if (granule->block_type == MP3_SHORT_BLOCK) {
        short_blocks(lines + MP3_SLOTS * plain, overlap + 9 * plain, both - plain);
    } else {
        long_blocks(lines + MP3_SLOTS * plain, overlap + 9 * plain, long_factors[granule->block_type == MP3_STOP_BLOCK],
            both - plain);
    }
    for (unsigned band = 1; band < both; band += 2) {
        for (unsigned i = 1; i < MP3_SLOTS; i += 2) {
            lines[MP3_SLOTS * band + i] = -lines[MP3_SLOTS * band + i];
        }
    }
    return filled;
}
