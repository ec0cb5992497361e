// MP3: from subbands to samples.  After dr_mp3 (mp3.h).
//
// 16 numbers of memory and 16 weights make a sample, and two samples have the same numbers: 10 cycles of a Cortex-M0+ for
// two products, as long as they fit 32 bits.  So the memory is in units of the sample's last bit, and the weights have 14.
// Nothing overflows, whatever comes in: what is far beyond full scale is cut to it where it comes in, and where it is
// remembered; a sum of 8 then fits 32 bits, and one of 16 is made of halves of those.
#include "mp3.h"

#define WEIGHT_BITS (14)
#define WEIGHT(w) (uint32_t)(((w) + ((w) < 0 ? -2 : 2)) / 4)

// The weights of ISO 11172-3 table 3-B.3, of which those for sample j and for sample 32 - j mirror each other; each twice
// over, so that wherever in the memory the newest slot is, eight in a row are those of its eight.
#define TWICE(a, b, c, d, e, f, g, h) \
    { WEIGHT(a), WEIGHT(b), WEIGHT(c), WEIGHT(d), WEIGHT(e), WEIGHT(f), WEIGHT(g), WEIGHT(h), \
      WEIGHT(a), WEIGHT(b), WEIGHT(c), WEIGHT(d), WEIGHT(e), WEIGHT(f), WEIGHT(g), WEIGHT(h) }
#define ROW(a, b, c, d, e, f, g, h, i, j, k, l, m, n, o, p) { \
        TWICE(h, g, f, e, d, c, b, a), TWICE(-(i), -(j), -(k), -(l), -(m), -(n), -(o), -(p)), \
        TWICE(p, o, n, m, l, k, j, i), TWICE(a, b, c, d, e, f, g, h) }

// [j][of even slots, for j; for 32 - j; of odd slots, for j; for 32 - j]
static const uint32_t weights[17][4][16] = {
    ROW(0, 213, 2037, 6574, 75038, 6574, 2037, 213, 29, 459, 5153, 37489, -37489, -5153, -459, -29),
    ROW(-1, 218, 2000, 5959, 74992, 7134, 2063, 208, 31, 519, 5517, 39336, -35640, -4788, -401, -26),
    ROW(-1, 222, 1952, 5288, 74856, 7640, 2080, 202, 35, 581, 5879, 41176, -33791, -4425, -347, -24),
    ROW(-1, 225, 1893, 4561, 74630, 8092, 2087, 196, 38, 645, 6237, 43006, -31947, -4063, -294, -21),
    ROW(-1, 227, 1822, 3776, 74313, 8492, 2085, 190, 41, 711, 6589, 44821, -30112, -3705, -244, -19),
    ROW(-1, 228, 1739, 2935, 73908, 8840, 2075, 183, 45, 779, 6935, 46617, -28289, -3351, -197, -17),
    ROW(-1, 228, 1644, 2037, 73415, 9139, 2057, 176, 49, 848, 7271, 48390, -26482, -3004, -153, -16),
    ROW(-2, 227, 1535, 1082, 72835, 9389, 2032, 169, 53, 919, 7597, 50137, -24694, -2663, -111, -14),
    ROW(-2, 224, 1414, 70, 72169, 9592, 2001, 161, 58, 991, 7910, 51853, -22929, -2330, -72, -13),
    ROW(-2, 221, 1280, -998, 71420, 9750, 1962, 154, 63, 1064, 8209, 53534, -21189, -2006, -36, -11),
    ROW(-2, 215, 1131, -2122, 70590, 9863, 1919, 147, 68, 1137, 8491, 55178, -19478, -1692, -2, -10),
    ROW(-3, 208, 970, -3300, 69679, 9935, 1870, 139, 73, 1210, 8755, 56778, -17799, -1388, 29, -9),
    ROW(-3, 200, 794, -4533, 68692, 9966, 1817, 132, 79, 1283, 8998, 58333, -16155, -1095, 57, -8),
    ROW(-4, 189, 605, -5818, 67629, 9959, 1759, 125, 85, 1356, 9219, 59838, -14548, -814, 83, -7),
    ROW(-4, 177, 402, -7154, 66494, 9916, 1698, 117, 91, 1428, 9416, 61289, -12980, -545, 106, -7),
    ROW(-5, 163, 185, -8540, 65290, 9838, 1634, 111, 97, 1498, 9585, 62684, -11455, -288, 127, -6),
    ROW(0, 0, 0, 0, 0, 0, 0, 0, 104, 1567, 9727, 64019, -9975, -45, 146, -5),
};

static inline int32_t within(int32_t x, int32_t most) {
    return (uint32_t)(x + most) <= 2u * most ? x : x < 0 ? -most : most;
}

// The sum of the even slots and that of the odd ones, as a sample.
static inline int16_t sample(uint32_t even, uint32_t odd) {
    int32_t sum = (((int32_t)even >> 1) + ((int32_t)odd >> 1)) >> (WEIGHT_BITS - 1);
    return sum > INT16_MAX ? INT16_MAX : sum < INT16_MIN ? INT16_MIN : sum;
}

// The transform's sums are up to 51 times what it comes from; at 16 times full scale those fit 32 bits.
static inline int32_t bounded(int32_t x) {
    return within(x, 16 << MP3_SCALE_BITS);
}

// The weights of the even slots add up to 92,686, with 16 bits; a sum of this and 14-bit weights is less than 1 << 31.
static inline int32_t remembered(int32_t x) {
    return within((x + (1 << (MP3_SCALE_BITS - 16))) >> (MP3_SCALE_BITS - 15), 92000);
}

// The cosine transform of a slot's 32 subbands (18 numbers apart) into the memory; `to` is its place in that of cosine 0.
static void transform(const int32_t *lines, int32_t *to) {
    int32_t t[4][8];
    #define FOLD(i, c0, c1, c2) { \
        int32_t x0 = bounded(lines[(i) * MP3_SLOTS]), x1 = bounded(lines[(15 - (i)) * MP3_SLOTS]); \
        int32_t x2 = bounded(lines[(16 + (i)) * MP3_SLOTS]), x3 = bounded(lines[(31 - (i)) * MP3_SLOTS]); \
        int32_t t0 = x0 + x3, t1 = x1 + x2; \
        int32_t t2 = MP3_TIMES(x1 - x2, c0), t3 = MP3_TIMES(x0 - x3, c1); \
        t[0][i] = t0 + t1; \
        t[1][i] = MP3_TIMES(t0 - t1, c2); \
        t[2][i] = t3 + t2; \
        t[3][i] = MP3_TIMES(t3 - t2, c2); \
}
    FOLD(0, 10.19000816, 0.50060302, 0.50241929)
    FOLD(1, 3.40760851, 0.50547093, 0.52249861)
    FOLD(2, 2.05778098, 0.51544732, 0.56694406)
    FOLD(3, 1.48416460, 0.53104258, 0.64682180)
    FOLD(4, 1.16943991, 0.55310392, 0.78815460)
    FOLD(5, 0.97256821, 0.58293498, 1.06067765)
    FOLD(6, 0.83934963, 0.62250412, 1.72244716)
    FOLD(7, 0.74453628, 0.67480832, 5.10114861)
    for (int i = 0; i < 4; i++) {
        int32_t *x = t[i];
        int32_t x0 = x[0], x1 = x[1], x2 = x[2], x3 = x[3], x4 = x[4], x5 = x[5], x6 = x[6], x7 = x[7], xt;
        xt = x0 - x7; x0 += x7;
        x7 = x1 - x6; x1 += x6;
        x6 = x2 - x5; x2 += x5;
        x5 = x3 - x4; x3 += x4;
        x4 = x0 - x3; x0 += x3;
        x3 = x1 - x2; x1 += x2;
        x[0] = x0 + x1;
        x[4] = MP3_TIMES(x0 - x1, 0.70710677);
        x5 += x6;
        x6 = MP3_TIMES(x6 + x7, 0.70710677);
        x7 += xt;
        x3 = MP3_TIMES(x3 + x4, 0.70710677);
        x5 -= MP3_TIMES(x7, 0.198912367);
        x7 += MP3_TIMES(x5, 0.382683432);
        x5 -= MP3_TIMES(x7, 0.198912367);
        x0 = xt - x6; xt += x6;
        x[1] = MP3_TIMES(xt + x7, 0.50979561);
        x[2] = MP3_TIMES(x4 + x3, 0.54119611);
        x[3] = MP3_TIMES(x0 - x5, 0.60134488);
        x[5] = MP3_TIMES(x0 + x5, 0.89997619);
        x[6] = MP3_TIMES(x4 - x3, 1.30656302);
        x[7] = MP3_TIMES(xt - x7, 2.56291556);
    }
    enum { APART = sizeof(mp3_memory_t) / 32 / sizeof(int32_t) };
    for (int i = 0; i < 7; i++, to += 4 * APART) {
        int32_t s = t[3][i] + t[3][i + 1];
        to[0 * APART] = remembered(t[0][i]);
        to[1 * APART] = remembered(t[2][i] + s);
        to[2 * APART] = remembered(t[1][i] + t[1][i + 1]);
        to[3 * APART] = remembered(t[2][i + 1] + s);
    }
    to[0 * APART] = remembered(t[0][7]);
    to[1 * APART] = remembered(t[2][7] + t[3][7]);
    to[2 * APART] = remembered(t[1][7]);
    to[3 * APART] = remembered(t[3][7]);
}

void mp3_synthesize(const int32_t *lines, mp3_memory_t memory, unsigned slot, int16_t *samples, unsigned stride) {
    unsigned parity = slot & 1, newest = slot >> 1;
    transform(lines, &memory[0][parity][newest]);
    // Where the weights of the slots begin that are an even, and an odd number of slots old.
    const uint32_t *even_weights = &weights[0][0][7 - newest];
    const uint32_t *odd_weights = &weights[0][2][7 - ((newest - (parity ^ 1)) & 7)];
    const int32_t *even = memory[16][parity], *odd = memory[16][parity ^ 1];
    int16_t *low = samples, *high = samples + 32 * stride;
    const uint32_t rounding = 1 << (WEIGHT_BITS - 1);
    #define EIGHT(sum, from, weight) \
        uint32_t sum = (uint32_t)from[0] * weight[0] + (uint32_t)from[1] * weight[1] + (uint32_t)from[2] * weight[2] \
            + (uint32_t)from[3] * weight[3] + (uint32_t)from[4] * weight[4] + (uint32_t)from[5] * weight[5] \
            + (uint32_t)from[6] * weight[6] + (uint32_t)from[7] * weight[7];
    EIGHT(even_sum, even, even_weights)
    EIGHT(odd_sum, odd, odd_weights)
    *low = sample(even_sum + rounding, odd_sum);
    for (int j = 1; j < 16; j++) {
        even += 16;
        odd -= 16;
        even_weights += 64;
        odd_weights += 64;
        low += stride;
        high -= stride;
        #define TWO(a, b, from, weight, e) { uint32_t x = from[e]; a += x * weight[e]; b += x * weight[e + 16]; }
        #define SIXTEEN(a, b, from, weight) \
            TWO(a, b, from, weight, 0) TWO(a, b, from, weight, 1) TWO(a, b, from, weight, 2) TWO(a, b, from, weight, 3) \
            TWO(a, b, from, weight, 4) TWO(a, b, from, weight, 5) TWO(a, b, from, weight, 6) TWO(a, b, from, weight, 7)
        uint32_t low_even = rounding, high_even = rounding, low_odd = 0, high_odd = 0;
        SIXTEEN(low_even, high_even, even, even_weights)
        SIXTEEN(low_odd, high_odd, odd, odd_weights)
        *low = sample(low_even, low_odd);
        *high = sample(high_even, high_odd);
    }
    odd -= 16;
    odd_weights += 64;
    EIGHT(last_sum, odd, odd_weights)
    low[stride] = sample(rounding, last_sum);
}
