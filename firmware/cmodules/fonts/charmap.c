// From a character to a glyph: OpenType's `cmap`, formats 4, 6 and 12, looked up in the file.
//
// FreeType would hold the table, and walk through all of it when a font is opened.
#include "fonts.h"

// Of a table; 0 beyond its end, which no character's entry needs.
static uint32_t number(fonts_font_t *font, uint32_t place, size_t bytes) {
    uint8_t data[4];
    if (place > font->charmap.end || bytes > font->charmap.end - place || !fonts_read(font, place, data, bytes)) {
        return 0;
    }
    uint32_t value = 0;
    for (size_t i = 0; i < bytes; i++) {
        value = value << 8 | data[i];
    }
    return value;
}

// How well a table serves: its platform and encoding (OpenType, "cmap").
static int rank(uint32_t platform, uint32_t encoding) {
    if (platform == 3) {
        return encoding == 10 ? 5 : encoding == 1 ? 3 : encoding == 0 ? 1 : 0;
    }
    return platform == 0 ? (encoding == 4 || encoding == 6 ? 4 : encoding == 5 ? 0 : 2) : 0;
}

void fonts_find_charmap(fonts_font_t *font, uint32_t place, uint32_t length) {
    fonts_charmap_t *map = &font->charmap;
    map->end = length < font->file_bytes - place ? place + length : font->file_bytes;
    uint32_t tables = number(font, place + 2, 2);
    int best = 0;
    for (uint32_t i = 0; i < tables && i < 64; i++) {
        uint32_t entry = place + 4 + 8 * i;
        int found = rank(number(font, entry, 2), number(font, entry + 2, 2));
        uint32_t offset = number(font, entry + 4, 4);
        if (found <= best || offset >= length || offset > map->end - place) {
            continue;
        }
        uint32_t format = number(font, place + offset, 2);
        if (format != 4 && format != 6 && format != 12) {
            continue;
        }
        best = found;
        map->place = place + offset;
        map->format = format;
        map->is_symbol = found == 1;
        map->count = format == 4 ? number(font, map->place + 6, 2) / 2
            : format == 6 ? number(font, map->place + 8, 2) : number(font, map->place + 12, 4);
    }
}

static uint32_t in_segments(fonts_font_t *font, uint32_t code) {
    const fonts_charmap_t *map = &font->charmap;
    uint32_t ends = map->place + 14, starts = ends + 2 * map->count + 2;
    uint32_t low = 0, high = map->count; // the first segment that ends at the character or beyond
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (number(font, ends + 2 * middle, 2) < code) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    uint32_t start = number(font, starts + 2 * low, 2);
    if (low == map->count || start > code) {
        return 0;
    }
    uint32_t delta = number(font, starts + 2 * (map->count + low), 2);
    uint32_t range = starts + 2 * (2 * map->count + low), offset = number(font, range, 2);
    if (!offset || offset == 0xffff) {
        return (code + delta) & 0xffff;
    }
    uint32_t glyph = number(font, range + offset + 2 * (code - start), 2);
    return glyph ? (glyph + delta) & 0xffff : 0;
}

static uint32_t in_groups(fonts_font_t *font, uint32_t code) {
    const fonts_charmap_t *map = &font->charmap;
    uint32_t low = 0, high = map->count;
    if (high > (map->end - map->place) / 12) {
        high = (map->end - map->place) / 12;
    }
    while (low < high) {
        uint32_t middle = low + (high - low) / 2, group = map->place + 16 + 12 * middle;
        uint32_t first = number(font, group, 4);
        if (code < first) {
            high = middle;
        } else if (code > number(font, group + 4, 4)) {
            low = middle + 1;
        } else {
            return number(font, group + 8, 4) + code - first;
        }
    }
    return 0;
}

uint32_t fonts_find_glyph(fonts_font_t *font, uint32_t code) {
    const fonts_charmap_t *map = &font->charmap;
    if (map->format == 12) {
        return in_groups(font, code);
    }
    if (map->is_symbol && code < 0x100) {
        code |= 0xf000;
    }
    if (code > 0xffff) {
        return 0;
    }
    if (map->format == 4) {
        return in_segments(font, code);
    }
    if (map->format == 6) {
        uint32_t first = number(font, map->place + 6, 2);
        return code >= first && code - first < map->count ? number(font, map->place + 10 + 2 * (code - first), 2) : 0;
    }
    return 0;
}
