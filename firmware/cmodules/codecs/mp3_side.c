// MP3: the side information and the scale factors, from bits.  After dr_mp3 (mp3.h).
#include <string.h>

#include "mp3.h"

// Widths of the bands of scale factors, in lines, by mp3_rate_index(); 0 ends them.
static const uint8_t long_widths[8][23] = {
    { 6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54, 0 },
    { 12, 12, 12, 12, 12, 12, 16, 20, 24, 28, 32, 40, 48, 56, 64, 76, 90, 2, 2, 2, 2, 2, 0 },
    { 6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54, 0 },
    { 6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 18, 22, 26, 32, 38, 46, 54, 62, 70, 76, 36, 0 },
    { 6, 6, 6, 6, 6, 6, 8, 10, 12, 14, 16, 20, 24, 28, 32, 38, 46, 52, 60, 68, 58, 54, 0 },
    { 4, 4, 4, 4, 4, 4, 6, 6, 8, 8, 10, 12, 16, 20, 24, 28, 34, 42, 50, 54, 76, 158, 0 },
    { 4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 10, 12, 16, 18, 22, 28, 34, 40, 46, 54, 54, 192, 0 },
    { 4, 4, 4, 4, 4, 4, 6, 6, 8, 10, 12, 16, 20, 24, 30, 38, 46, 56, 68, 84, 102, 26, 0 },
};

static const uint8_t short_widths[8][40] = {
    { 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 8, 8, 10, 10, 10, 12, 12, 12, 14, 14, 14, 18, 18,
      18, 24, 24, 24, 30, 30, 30, 40, 40, 40, 18, 18, 18, 0 },
    { 8, 8, 8, 8, 8, 8, 8, 8, 8, 12, 12, 12, 16, 16, 16, 20, 20, 20, 24, 24, 24, 28, 28, 28, 36, 36,
      36, 2, 2, 2, 2, 2, 2, 2, 2, 2, 26, 26, 26, 0 },
    { 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 8, 8, 8, 10, 10, 10, 14, 14, 14, 18, 18,
      18, 26, 26, 26, 32, 32, 32, 42, 42, 42, 18, 18, 18, 0 },
    { 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 8, 8, 10, 10, 10, 12, 12, 12, 14, 14, 14, 18, 18,
      18, 24, 24, 24, 32, 32, 32, 44, 44, 44, 12, 12, 12, 0 },
    { 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 8, 8, 10, 10, 10, 12, 12, 12, 14, 14, 14, 18, 18,
      18, 24, 24, 24, 30, 30, 30, 40, 40, 40, 18, 18, 18, 0 },
    { 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 8, 8, 10, 10, 10, 12, 12, 12, 14, 14,
      14, 18, 18, 18, 22, 22, 22, 30, 30, 30, 56, 56, 56, 0 },
    { 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 6, 6, 6, 10, 10, 10, 12, 12, 12, 14, 14,
      14, 16, 16, 16, 20, 20, 20, 26, 26, 26, 66, 66, 66, 0 },
    { 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 4, 6, 6, 6, 8, 8, 8, 12, 12, 12, 16, 16, 16, 20, 20,
      20, 26, 26, 26, 34, 34, 34, 42, 42, 42, 12, 12, 12, 0 },
};

static const uint8_t mixed_widths[8][40] = {
    { 6, 6, 6, 6, 6, 6, 6, 6, 6, 8, 8, 8, 10, 10, 10, 12, 12, 12, 14, 14, 14, 18, 18, 18,
      24, 24, 24, 30, 30, 30, 40, 40, 40, 18, 18, 18, 0 },
    { 12, 12, 12, 4, 4, 4, 8, 8, 8, 12, 12, 12, 16, 16, 16, 20, 20, 20, 24, 24, 24, 28, 28, 28, 36, 36,
      36, 2, 2, 2, 2, 2, 2, 2, 2, 2, 26, 26, 26, 0 },
    { 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 6, 8, 8, 8, 10, 10, 10, 14, 14, 14, 18, 18, 18,
      26, 26, 26, 32, 32, 32, 42, 42, 42, 18, 18, 18, 0 },
    { 6, 6, 6, 6, 6, 6, 6, 6, 6, 8, 8, 8, 10, 10, 10, 12, 12, 12, 14, 14, 14, 18, 18, 18,
      24, 24, 24, 32, 32, 32, 44, 44, 44, 12, 12, 12, 0 },
    { 6, 6, 6, 6, 6, 6, 6, 6, 6, 8, 8, 8, 10, 10, 10, 12, 12, 12, 14, 14, 14, 18, 18, 18,
      24, 24, 24, 30, 30, 30, 40, 40, 40, 18, 18, 18, 0 },
    { 4, 4, 4, 4, 4, 4, 6, 6, 4, 4, 4, 6, 6, 6, 8, 8, 8, 10, 10, 10, 12, 12, 12, 14, 14, 14,
      18, 18, 18, 22, 22, 22, 30, 30, 30, 56, 56, 56, 0 },
    { 4, 4, 4, 4, 4, 4, 6, 6, 4, 4, 4, 6, 6, 6, 6, 6, 6, 10, 10, 10, 12, 12, 12, 14, 14, 14,
      16, 16, 16, 20, 20, 20, 26, 26, 26, 66, 66, 66, 0 },
    { 4, 4, 4, 4, 4, 4, 6, 6, 4, 4, 4, 6, 6, 6, 8, 8, 8, 12, 12, 12, 16, 16, 16, 20, 20, 20,
      26, 26, 26, 34, 34, 34, 42, 42, 42, 12, 12, 12, 0 },
};

unsigned mp3_get(mp3_bits_t *bits, unsigned count) {
    unsigned into = bits->at & 7;
    const uint8_t *next = bits->data + (bits->at >> 3);
    bits->at += count;
    if (count == 0 || bits->at > bits->end) {
        return 0;
    }
    int missing = (int)(count + into) - 8;
    unsigned got = *next++ & (255 >> into);
    for (; missing > 0; missing -= 8) {
        got = got << 8 | *next++;
    }
    return got >> -missing;
}

// What depends on the type of the granule's blocks; false for one that there is not.
static bool read_blocks(mp3_bits_t *bits, mp3_granule_t *granule, const uint8_t *header) {
    unsigned rate = mp3_rate_index(header);
    granule->widths = long_widths[rate];
    granule->long_bands = 22;
    granule->short_bands = 0;
    granule->block_type = 0;
    granule->mixed = false;
    bool switched = mp3_get(bits, 1);
    if (switched) {
        granule->block_type = mp3_get(bits, 2);
        if (granule->block_type == 0) {
            return false;
        }
        granule->mixed = mp3_get(bits, 1);
        granule->region_count[0] = 7;
        if (granule->block_type == MP3_SHORT_BLOCK) {
            granule->region_count[0] = granule->mixed ? 7 : 8;
            granule->widths = granule->mixed ? mixed_widths[rate] : short_widths[rate];
            // Of mixed blocks, as many as make two subbands.
            granule->long_bands = !granule->mixed ? 0 : mp3_is_mpeg1(header) ? 8 : rate == 1 ? 3 : 6;
            granule->short_bands = !granule->mixed ? 39 : rate == 1 ? 36 : 30;
        }
    }
    for (unsigned region = 0; region < (switched ? 2 : 3); region++) {
        granule->table_select[region] = mp3_get(bits, 5);
    }
    if (switched) {
        for (unsigned window = 0; window < 3; window++) {
            granule->subblock_gain[window] = mp3_get(bits, 3);
        }
        granule->region_count[1] = 255; // all that is left
    } else {
        granule->region_count[0] = mp3_get(bits, 4);
        granule->region_count[1] = mp3_get(bits, 3);
        granule->region_count[2] = 255;
    }
    return true;
}

int mp3_read_side(mp3_bits_t *bits, mp3_granule_t *granules, const uint8_t *header) {
    bool mpeg1 = mp3_is_mpeg1(header);
    unsigned channels = mp3_is_mono(header) ? 1 : 2;
    unsigned begin = mp3_get(bits, mpeg1 ? 9 : 8);
    unsigned sum = 0, scfsi = 0;
    if (mpeg1) {
        mp3_get(bits, channels == 1 ? 5 : 3); // private
        scfsi = mp3_get(bits, 4 * channels);
    } else {
        mp3_get(bits, channels);
    }
    for (unsigned i = 0; i < (mpeg1 ? 2 : 1) * channels; i++) {
        mp3_granule_t *granule = &granules[i];
        granule->bits = mp3_get(bits, 12);
        granule->big_values = mp3_get(bits, 9);
        granule->global_gain = mp3_get(bits, 8);
        granule->scalefac_compress = mp3_get(bits, mpeg1 ? 4 : 9);
        if (granule->big_values > MP3_LINES / 2 || !read_blocks(bits, granule, header)) {
            return -1;
        }
        granule->preflag = mpeg1 ? mp3_get(bits, 1) : granule->scalefac_compress >= 500;
        granule->scalefac_scale = mp3_get(bits, 1);
        granule->count1_table = mp3_get(bits, 1);
        // Only the second granule has a first one to take from, and short blocks do not.
        granule->scfsi = 0;
        if (i >= channels && granule->block_type != MP3_SHORT_BLOCK) {
            granule->scfsi = scfsi >> (channels == 1 || i == 3 ? 0 : 4) & 15;
        }
        sum += granule->bits;
    }
    return bits->at > bits->end || sum > bits->end - bits->at + begin * 8 ? -1 : (int)begin;
}

// Four groups of bands, `counts` long, of numbers of `sizes` bits; what `scfsi` has a bit for is taken from `positions`.
// With `illegal`, the highest number of a size stands for no position.
static void read_factors(mp3_bits_t *bits, const uint8_t sizes[4], const uint8_t *counts, unsigned scfsi, bool illegal,
    uint8_t *factors, uint8_t *positions) {
    for (unsigned group = 0; group < 4 && counts[group]; group++, scfsi <<= 1) {
        unsigned count = counts[group];
        if (scfsi & 8) {
            memcpy(factors, positions, count);
        } else {
            unsigned none = illegal && sizes[group] ? (1u << sizes[group]) - 1 : 256;
            for (unsigned i = 0; i < count; i++) {
                factors[i] = mp3_get(bits, sizes[group]);
                positions[i] = factors[i] == none ? 255 : factors[i];
            }
        }
        factors += count;
        positions += count;
    }
    memset(factors, 0, 3); // bands at the end have none
}

void mp3_read_exponents(mp3_bits_t *bits, const mp3_granule_t *granule, const uint8_t *header, int channel,
    int16_t exponents[40], uint8_t positions[39]) {
    static const uint8_t group_counts[3][28] = { // of long, mixed, short blocks; of MPEG 1, then of each range below
        { 6, 5, 5, 5, 6, 5, 5, 5, 6, 5, 7, 3, 11, 10, 0, 0, 7, 7, 7, 0, 6, 6, 6, 3, 8, 8, 5, 0 },
        { 8, 9, 6, 12, 6, 9, 9, 9, 6, 9, 12, 6, 15, 18, 0, 0, 6, 15, 12, 0, 6, 12, 9, 6, 6, 18, 9, 0 },
        { 9, 9, 6, 12, 9, 9, 9, 9, 9, 9, 12, 6, 18, 18, 0, 0, 12, 12, 12, 0, 12, 9, 9, 6, 15, 12, 9, 0 },
    };
    const uint8_t *counts = group_counts[granule->short_bands == 0 ? 0 : granule->long_bands ? 1 : 2];
    uint8_t sizes[4], factors[40] = { 0 };
    bool mpeg1 = mp3_is_mpeg1(header);
    if (mpeg1) {
        static const uint8_t low[16] = { 0, 0, 0, 0, 3, 1, 1, 1, 2, 2, 2, 3, 3, 3, 4, 4 };
        static const uint8_t high[16] = { 0, 1, 2, 3, 0, 1, 2, 3, 1, 2, 3, 1, 2, 3, 2, 3 };
        sizes[0] = sizes[1] = low[granule->scalefac_compress];
        sizes[2] = sizes[3] = high[granule->scalefac_compress];
    } else {
        // Each range of scalefac_compress is a number of four digits to these bases; the second three are for intensity.
        static const uint8_t bases[6][4] = {
            { 5, 5, 4, 4 }, { 5, 5, 4, 1 }, { 4, 3, 1, 1 }, { 5, 6, 6, 1 }, { 4, 4, 4, 1 }, { 4, 3, 1, 1 },
        };
        bool intensity = mp3_has_intensity(header) && channel == 1;
        unsigned range = intensity ? 3 : 0;
        unsigned digits = granule->scalefac_compress >> (intensity ? 1 : 0);
        for (;; range++) {
            unsigned count = bases[range][0] * bases[range][1] * bases[range][2] * bases[range][3];
            if (digits < count) {
                break;
            }
            digits -= count;
        }
        for (int i = 3; i >= 0; i--) {
            sizes[i] = digits % bases[range][i];
            digits /= bases[range][i];
        }
        counts += 4 * (1 + range);
    }
    read_factors(bits, sizes, counts, granule->scfsi, !mpeg1, factors, positions);

    unsigned shift = granule->scalefac_scale ? 2 : 1;
    static const uint8_t amplified[22] = { 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1, 1, 1, 1, 2, 2, 3, 3, 3, 2, 0 };
    int whole = 210 - granule->global_gain + (mp3_has_mid_side(header) ? 2 : 0);
    for (int i = 0; i < granule->long_bands; i++) {
        unsigned more = granule->preflag && !granule->short_bands ? amplified[i] : 0;
        exponents[i] = whole + (int)((factors[i] + more) << shift);
    }
    for (int i = 0; i < granule->short_bands; i++) {
        int band = granule->long_bands + i;
        exponents[band] = whole + (int)(factors[band] << shift) + granule->subblock_gain[i % 3] * 8;
    }
}
