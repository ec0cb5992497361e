// MP3: two channels out of what both have in common.  After dr_mp3 (mp3.h).
#include "mp3.h"

static void mid_side(int32_t *left, int32_t *right, unsigned count) {
    for (; count; count--, left++, right++) {
        int32_t mid = *left, side = *right;
        *left = mid + side; // both are divided by the root of 2 already (mp3_read_exponents)
        *right = mid - side;
    }
}

void mp3_mid_side(int32_t (*lines)[MP3_LINES], unsigned count) {
    mid_side(lines[0], lines[1], count);
}

// The last band of the right channel with a line that is not 0, for each of three windows; -1: none.
static void find_tops(const int32_t *right, const uint8_t *widths, int top[3]) {
    top[0] = top[1] = top[2] = -1;
    for (int band = 0; widths[band]; band++) {
        for (unsigned i = 0; i < widths[band]; i++) {
            if (right[i]) {
                top[band % 3] = band;
                break;
            }
        }
        right += widths[band];
    }
}

// What a position gives to left and right, with 14 bits behind the point.
static void weigh(unsigned position, bool mpeg1, bool with_mid_side, unsigned step, int16_t weights[2]) {
    // The exponents had the root of 2 in them, for both channels.
    if (mpeg1) {
        static const uint16_t pan[7] = { 0, 3462, 5997, 8192, 10387, 12922, 16384 };
        for (unsigned i = 0; i < 2; i++) {
            unsigned weight = pan[i ? 6 - position : position];
            weights[i] = with_mid_side ? (weight * 23170u + (1 << 13)) >> 14 : weight;
        }
        return;
    }
    static const uint16_t roots[4] = { 32768, 27554, 23170, 19484 }; // 2 ** (15 - i / 4)
    for (unsigned i = 0; i < 2; i++) {
        int quarters = (position & 1) != i ? (int)((position + 1) >> 1 << step) : 0;
        quarters -= with_mid_side ? 2 : 0;
        weights[i] = roots[quarters & 3] >> (1 + (quarters >> 2));
    }
}

void mp3_intensity(int32_t (*lines)[MP3_LINES], uint8_t *positions, const mp3_granule_t *granules, const uint8_t *header) {
    const mp3_granule_t *granule = &granules[0];
    bool mpeg1 = mp3_is_mpeg1(header), with_mid_side = mp3_has_mid_side(header);
    int bands = granule->long_bands + granule->short_bands, windows = granule->short_bands ? 3 : 1;
    int top[3];
    find_tops(lines[1], granule->widths, top);
    if (granule->long_bands) {
        int highest = top[0] > top[1] ? top[0] : top[1];
        top[0] = top[1] = top[2] = highest > top[2] ? highest : top[2];
    }
    // The last bands have no scale factors, so they go where those before them do.
    for (int window = 0; window < windows; window++) {
        int last = bands - windows + window;
        positions[last] = positions[last - windows];
    }
    int32_t *left = lines[0], *right = lines[1];
    for (int band = 0; granule->widths[band]; band++) {
        unsigned width = granule->widths[band];
        if (band > top[band % 3] && positions[band] < (mpeg1 ? 7 : 64)) {
            int16_t weights[2];
            weigh(positions[band], mpeg1, with_mid_side, granules[1].scalefac_compress & 1, weights);
            for (unsigned i = 0; i < width; i++) {
                right[i] = mp3_times(left[i], weights[1], 14);
                left[i] = mp3_times(left[i], weights[0], 14);
            }
        } else if (with_mid_side) {
            mid_side(left, right, width);
        }
        left += width;
        right += width;
    }
}
