// Pictures of characters into a strip of the screen, as kiosk/ui/paint/pixels.py mixes those of the image's fonts.
#include "fonts.h"

void fonts_mix(const fonts_strip_t *strip, int x, int y, unsigned cover) {
    uint8_t *pixel = strip->pixels + 2 * (y * strip->stride + x);
    uint32_t old = pixel[0] << 8 | pixel[1];
    old = (old << 16 | old) & 0x7e0f81f;
    cover = (cover * 35 >> 4) * strip->opacity >> 5;
    old = (((strip->color - old) * cover >> 5) + old) & 0x7e0f81f;
    old |= old >> 16;
    pixel[0] = old >> 8;
    pixel[1] = old;
}

void fonts_paint(const fonts_strip_t *strip, const fonts_glyph_t *glyph, int x, int y) {
    x += glyph->left;
    y -= glyph->top;
    int first = x < strip->left ? strip->left - x : 0;
    int above = y < strip->top ? strip->top - y : 0;
    int last = x + glyph->width > strip->right ? strip->right - x : glyph->width;
    int below = y + glyph->height > strip->bottom ? strip->bottom - y : glyph->height;
    for (int row = above; row < below; row++) {
        const uint8_t *pairs = glyph->picture + row * ((glyph->width + 1) / 2);
        for (int column = first; column < last; column++) {
            unsigned cover = column & 1 ? pairs[column / 2] & 15 : pairs[column / 2] >> 4;
            if (cover) {
                fonts_mix(strip, x + column, y + row, cover);
            }
        }
    }
}
