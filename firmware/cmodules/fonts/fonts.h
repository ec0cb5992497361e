// A font at work: its file, what FreeType holds of it, the characters that were drawn last.
#ifndef MPKIOSK_FONTS_H
#define MPKIOSK_FONTS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "py/obj.h"

#include <ft2build.h>
#include <freetype/freetype.h>
#include <freetype/ftmodapi.h>
#include <freetype/ftoutln.h>
#include <freetype/ftsystem.h>

#define FONTS_MOST_SIZE (512) // pixels
#define FONTS_STATE_BYTES (48 * 1024) // what FreeType may hold: an outline of 1,500 points takes some 40 KB
#define FONTS_USUAL_BYTES (4096) // in one piece; a character that wants more, and cannot have it, is not drawn
#define FONTS_CACHE_BYTES (8 * 1024) // pictures and widths of characters
#define FONTS_PICTURE_BYTES (2048) // a larger picture (64x64 pixels) is drawn anew each time
#define FONTS_BLOCKS (4)
#define FONTS_BLOCK_BYTES (256)

// What was found out about one character in one size.
typedef struct fonts_glyph {
    struct fonts_glyph *next;
    uint32_t code;
    uint16_t size; // with FONTS_BOLD
    uint16_t index; // in the font, 0: it has none
    int16_t advance; // pixels
    uint8_t kind; // FONTS_MEASURED and so on
    int16_t left; // of the picture, from where the character begins
    int16_t top; // of the picture, above the baseline
    uint16_t width;
    uint16_t height;
    uint8_t picture[]; // rows of whole bytes, 4 bits a pixel, the left one in the higher bits
} fonts_glyph_t;

enum { FONTS_MEASURED, FONTS_DRAWN, FONTS_LARGE, FONTS_EMPTY };
#define FONTS_BOLD (0x8000)

typedef struct fonts_block {
    struct fonts_block *next;
    struct fonts_block **link; // that points here
    size_t size;
} fonts_block_t;

typedef struct {
    uint32_t place; // in the file, 0: of the character table's format
    uint32_t end; // of the table
    uint32_t count;
    uint8_t format; // 0: none
    bool is_symbol; // its characters are from U+F000 on
} fonts_charmap_t;

typedef struct {
    mp_obj_base_t base;
    mp_obj_t stream;
    mp_obj_t error; // that the stream raised, MP_OBJ_NULL: none
    bool is_busy;
    bool lacks_memory; // the heap is full: not FONTS_STATE_BYTES, or for more than FONTS_USUAL_BYTES
    uint16_t reads_left; // of what is done now: fonts that want more are made for that
    uint16_t size; // that FreeType is set to
    uint32_t file_bytes;
    fonts_block_t *memory;
    size_t memory_bytes;
    fonts_glyph_t *glyphs; // the last one used first
    size_t glyphs_bytes;
    fonts_charmap_t charmap;
    struct FT_MemoryRec_ memory_record;
    FT_StreamRec stream_record;
    FT_Library library; // NULL when closed
    FT_Face face;
    uint32_t block_numbers[FONTS_BLOCKS]; // the last one used first
    uint8_t block_places[FONTS_BLOCKS];
    uint8_t blocks[FONTS_BLOCKS][FONTS_BLOCK_BYTES];
} fonts_font_t;

// stream.c: `count` bytes of the file; false: it has not so many, or font->error.
bool fonts_read(fonts_font_t *font, uint32_t place, uint8_t *bytes, size_t count);
void fonts_set_stream(fonts_font_t *font); // the records that FreeType reads and allocates through
void fonts_free_all(fonts_font_t *font);

// charmap.c: look for the table of characters, and for one in it; 0: there is none.
void fonts_find_charmap(fonts_font_t *font, uint32_t place, uint32_t length);
uint32_t fonts_find_glyph(fonts_font_t *font, uint32_t code);

// outline.c: all but these are 0 or NULL if it went well.
const char *fonts_open(fonts_font_t *font); // why it cannot be used; NULL, too, with font->error or lacks_memory
bool fonts_set_size(fonts_font_t *font, unsigned size);
int fonts_advance(fonts_font_t *font, unsigned glyph);
// Load an outline and find out where it lies; false: it is damaged, or too much.
bool fonts_load(fonts_font_t *font, fonts_glyph_t *glyph);
bool fonts_draw_picture(fonts_font_t *font, fonts_glyph_t *glyph);

// Where things are drawn: RGB565, the higher byte first.
typedef struct {
    uint8_t *pixels;
    int stride;
    int left, top, right, bottom; // the clip
    uint32_t color; // as kiosk/ui/paint/pixels.py spreads it
    unsigned opacity; // 0 to 32
} fonts_strip_t;

// paint.c: a character whose baseline begins at (x, y).
void fonts_paint(const fonts_strip_t *strip, const fonts_glyph_t *glyph, int x, int y);
void fonts_mix(const fonts_strip_t *strip, int x, int y, unsigned cover); // cover: 0 to 15
// outline.c: the same of the outline that fonts_load() has loaded.
bool fonts_paint_outline(fonts_font_t *font, const fonts_strip_t *strip, const fonts_glyph_t *glyph, int x, int y);

#endif
