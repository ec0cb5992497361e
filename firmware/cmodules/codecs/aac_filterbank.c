// The filter bank of AAC-LC (ISO 13818-7, 11): spectra to samples, instead of FAAD2's own, which wants 24 KB of stack.
//
// Coefficients have 16 bits, the rest has 32, so that a core without long products does with two short ones.  A spectrum
// of 1024 lines (or eight of 128) is turned into samples in its place, by way of the 4 KB where it was quantised.  The
// transform is the usual one: N/4 complex numbers, turned before and after an FFT (Duhamel, Mahieux and Petit, ICASSP
// 1991); the FFT is of radix 4, its first pass of radix 2 where that is left over.
#include "common.h"
#include "structs.h"
#include "filtbank.h"
#include "output.h"
#include "syntax.h"

// FAAD2's tables, at 16 bits.
#define real_t int16_t
#define complex_t coefficient_t
#undef FRAC_CONST
#define FRAC_CONST(a) ((int16_t)((a) >= 32767.0 / 32768 ? 32767 : (a) * 32768 + 0.5))
typedef int16_t coefficient_t[2];
#include "kbd_win.h"
#include "mdct_tab.h"
#include "sine_win.h"
#undef real_t
#undef complex_t

#define LINES 1024
#define SHORT_LINES 128
#define FLAT ((LINES - SHORT_LINES) / 2) // of a long window with a short half, before and after it

typedef struct {
    int32_t re, im;
} complex32_t;

// sin(2 pi i / 512)
static const int16_t sines[129] = {
    0, 402, 804, 1206, 1608, 2009, 2411, 2811, 3212, 3612, 4011, 4410, 4808, 5205, 5602, 5998, 6393, 6787, 7180, 7571,
    7962, 8351, 8740, 9127, 9512, 9896, 10279, 10660, 11039, 11417, 11793, 12167, 12540, 12910, 13279, 13646, 14010,
    14373, 14733, 15091, 15447, 15800, 16151, 16500, 16846, 17190, 17531, 17869, 18205, 18538, 18868, 19195, 19520,
    19841, 20160, 20475, 20788, 21097, 21403, 21706, 22006, 22302, 22595, 22884, 23170, 23453, 23732, 24008, 24279,
    24548, 24812, 25073, 25330, 25583, 25833, 26078, 26320, 26557, 26791, 27020, 27246, 27467, 27684, 27897, 28106,
    28311, 28511, 28707, 28899, 29086, 29269, 29448, 29622, 29792, 29957, 30118, 30274, 30425, 30572, 30715, 30853,
    30986, 31114, 31238, 31357, 31471, 31581, 31686, 31786, 31881, 31972, 32058, 32138, 32214, 32286, 32352, 32413,
    32470, 32522, 32568, 32610, 32647, 32679, 32706, 32729, 32746, 32758, 32766, 32767,
};

static const int16_t *const long_windows[] = { sine_long_1024, kbd_long_1024 };
static const int16_t *const short_windows[] = { sine_short_128, kbd_short_128 };

fb_info *filter_bank_init(uint16_t frame_len) {
    (void)frame_len;
    return faad_malloc(sizeof(fb_info));
}

void filter_bank_end(fb_info *fb) {
    faad_free(fb);
}

static inline int32_t scaled(int32_t value, int32_t coefficient) {
    return (((value >> 16) * coefficient) << 1) + ((int32_t)((value & 0xffff) * coefficient) >> 15);
}

// (re + i im) * (c + i s).  The lower halves have 15 bits: two products of 16 by 16 have no room for a sum.
static inline complex32_t turned(complex32_t a, int32_t c, int32_t s) {
    int32_t re_high = a.re >> 16, im_high = a.im >> 16;
    int32_t re_low = (uint32_t)(a.re << 16) >> 17, im_low = (uint32_t)(a.im << 16) >> 17;
    complex32_t result = {
        ((re_high * c - im_high * s) << 1) + ((re_low * c - im_low * s) >> 14),
        ((im_high * c + re_high * s) << 1) + ((im_low * c + re_low * s) >> 14),
    };
    return result;
}

// cos and sin of 2 pi i / 512, i below 384
static inline void turn_of(unsigned i, int32_t *c, int32_t *s) {
    if (i <= 128) {
        *c = sines[128 - i];
        *s = sines[i];
    } else if (i <= 256) {
        *c = -sines[i - 128];
        *s = sines[256 - i];
    } else {
        *c = -sines[384 - i];
        *s = -sines[i - 256];
    }
}

// Four numbers in the order 0, 2, 1, 3 of a transform upwards, to 0, 1, 2, 3.
static inline void butterfly(complex32_t *z, size_t step, complex32_t a, complex32_t c, complex32_t b, complex32_t d) {
    complex32_t sum = { a.re + c.re, a.im + c.im }, difference = { a.re - c.re, a.im - c.im };
    complex32_t odd = { b.re + d.re, b.im + d.im }, turn = { b.re - d.re, b.im - d.im };
    z[0].re = sum.re + odd.re;
    z[0].im = sum.im + odd.im;
    z[2 * step].re = sum.re - odd.re;
    z[2 * step].im = sum.im - odd.im;
    z[step].re = difference.re - turn.im;
    z[step].im = difference.im + turn.re;
    z[3 * step].re = difference.re + turn.im;
    z[3 * step].im = difference.im - turn.re;
}

// In place, from the order of reversed bits: sum over k of z[k] exp(2 pi i k n / count).
static void transform(complex32_t *z, size_t count) {
    complex32_t *end = z + count;
    size_t step;
    if (count == 512) {
        for (complex32_t *at = z; at < end; at += 2) {
            complex32_t a = at[0], b = at[1];
            at[0].re = a.re + b.re;
            at[0].im = a.im + b.im;
            at[1].re = a.re - b.re;
            at[1].im = a.im - b.im;
        }
        step = 2;
    } else {
        for (complex32_t *at = z; at < end; at += 4) {
            butterfly(at, 1, at[0], at[1], at[2], at[3]);
        }
        step = 4;
    }
    for (; step < count; step *= 4) {
        for (complex32_t *at = z; at < end; at += 4 * step) {
            butterfly(at, step, at[0], at[step], at[2 * step], at[3 * step]);
        }
        for (size_t i = 1; i < step; i++) {
            int32_t c1, s1, c2, s2, c3, s3;
            size_t turn = i * (128 / step);
            turn_of(turn, &c1, &s1);
            turn_of(2 * turn, &c2, &s2);
            turn_of(3 * turn, &c3, &s3);
            for (complex32_t *at = z + i; at < end; at += 4 * step) {
                butterfly(at, step, at[0], turned(at[step], c2, s2), turned(at[2 * step], c1, s1),
                    turned(at[3 * step], c3, s3));
            }
        }
    }
}

// N/2 lines to N/4 turned numbers in the order of reversed bits.
static void turn_before(const int32_t *lines, complex32_t *z, size_t count, const coefficient_t *turns) {
    const int32_t *first = lines, *last = lines + 2 * count - 1;
    for (size_t k = 0, reversed = 0; k < count; k++, first += 2, last -= 2) {
        complex32_t pair = { *last, *first };
        z[reversed] = turned(pair, turns[k][0], turns[k][1]);
        size_t bit = count >> 1;
        while (reversed & bit) {
            reversed ^= bit;
            bit >>= 1;
        }
        reversed |= bit;
    }
}

static void turn_after(complex32_t *z, size_t count, const coefficient_t *turns) {
    for (size_t k = 0; k < count; k++) {
        z[k] = turned(z[k], turns[k][0], turns[k][1]);
    }
}

// What comes out of N/4 turned numbers: a rising half, odd about its middle, and a falling one, even about its own.  The
// first quarter of each, at `i` below N/4; the rest follows from those.
static inline int32_t rising(const complex32_t *z, size_t count, size_t i) {
    return i & 1 ? -z[count / 2 - 1 - i / 2].re : z[count / 2 + i / 2].im;
}

static inline int32_t falling(const complex32_t *z, size_t count, size_t i) {
    return i & 1 ? -z[count / 2 - 1 - i / 2].im : z[count / 2 + i / 2].re;
}

// The rising half of a long window that begins as `window` does, and what was left over, to samples.
static void rise(const complex32_t *z, const int32_t *overlap, int32_t *samples, const int16_t *window, size_t width) {
    const int32_t *from = overlap, *from_end = overlap + LINES - 1;
    int32_t *to = samples, *to_end = samples + LINES - 1;
    size_t flat = (LINES - width) / 2;
    for (size_t i = 0; i < flat; i++) {
        *to++ = *from++;
        *to_end-- = *from_end-- - rising(z, LINES / 2, i);
    }
    const int16_t *up = window, *down = window + width - 1;
    for (size_t i = flat; i < LINES / 2; i++) {
        int32_t value = rising(z, LINES / 2, i);
        *to++ = *from++ + scaled(value, *up++);
        *to_end-- = *from_end-- - scaled(value, *down--);
    }
}

// The falling half of one that ends as `window` backwards, to what is left over.
static void fall(const complex32_t *z, int32_t *overlap, const int16_t *window, size_t width) {
    int32_t *to = overlap, *to_end = overlap + LINES - 1;
    size_t flat = (LINES - width) / 2;
    for (size_t i = 0; i < flat; i++) {
        *to++ = falling(z, LINES / 2, i);
        *to_end-- = 0;
    }
    const int16_t *up = window, *down = window + width - 1;
    for (size_t i = flat; i < LINES / 2; i++) {
        int32_t value = falling(z, LINES / 2, i);
        *to++ = scaled(value, *down--);
        *to_end-- = scaled(value, *up++);
    }
}

// Eight short ones, each half over the one before it, in the middle of where a long one would be.
static void overlap_short(const complex32_t *z, int32_t *overlap, int32_t *samples, const int16_t *first,
    const int16_t *window) {
    memcpy(samples, overlap, LINES * sizeof(*samples));
    memset(overlap, 0, LINES * sizeof(*overlap));
    for (size_t number = 0; number < 8; number++, z += SHORT_LINES / 2) {
        const int16_t *up = number ? window : first;
        size_t place = FLAT + number * SHORT_LINES;
        for (size_t i = 0; i < 2 * SHORT_LINES; i++, place++) {
            size_t at = i % SHORT_LINES;
            size_t mirrored = at < SHORT_LINES / 2 ? at : SHORT_LINES - 1 - at;
            int32_t value;
            if (i < SHORT_LINES) {
                value = scaled(rising(z, SHORT_LINES / 2, mirrored), up[at]);
                value = at == mirrored ? value : -value;
            } else {
                value = scaled(falling(z, SHORT_LINES / 2, mirrored), window[SHORT_LINES - 1 - at]);
            }
            *(place < LINES ? &samples[place] : &overlap[place - LINES]) += value;
        }
    }
}

// `spectrum` and `samples` are the same place: the one is used up before the other is written.
void ifilter_bank(fb_info *fb, uint8_t sequence, uint8_t shape, uint8_t shape_before, real_t *spectrum, real_t *samples,
    real_t *overlap, uint8_t object_type, uint16_t frame_len) {
    (void)object_type;
    (void)frame_len;
    complex32_t *z = (complex32_t *)fb->quantised;
    if (sequence == EIGHT_SHORT_SEQUENCE) {
        for (size_t first = 0; first < LINES; first += SHORT_LINES) {
            complex32_t *part = z + first / 2;
            turn_before(spectrum + first, part, SHORT_LINES / 2, mdct_tab_256);
            transform(part, SHORT_LINES / 2);
            turn_after(part, SHORT_LINES / 2, mdct_tab_256);
        }
        overlap_short(z, overlap, samples, short_windows[shape_before], short_windows[shape]);
        return;
    }
    turn_before(spectrum, z, LINES / 2, mdct_tab_2048);
    transform(z, LINES / 2);
    turn_after(z, LINES / 2, mdct_tab_2048);
    if (sequence == LONG_STOP_SEQUENCE) {
        rise(z, overlap, samples, short_windows[shape_before], SHORT_LINES);
    } else {
        rise(z, overlap, samples, long_windows[shape_before], LINES);
    }
    if (sequence == LONG_START_SEQUENCE) {
        fall(z, overlap, short_windows[shape], SHORT_LINES);
    } else {
        fall(z, overlap, long_windows[shape], LINES);
    }
}

// Samples with REAL_BITS of fraction to 16 bits, the channels in turn.
void *output_to_PCM(NeAACDecStruct *decoder, real_t **input, void *output, uint8_t channels, uint16_t frame_len,
    uint8_t format) {
    (void)format;
    for (size_t channel = 0; channel < channels; channel++) {
        const real_t *from = input[decoder->internal_channel[channel]];
        int16_t *to = (int16_t *)output + channel;
        for (const real_t *end = from + frame_len; from < end; to += channels) {
            int32_t sample = (*from++ + (1 << (REAL_BITS - 1))) >> REAL_BITS;
            *to = sample == (int16_t)sample ? sample : sample < 0 ? INT16_MIN : INT16_MAX;
        }
    }
    return output;
}
