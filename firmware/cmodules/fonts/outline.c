// What is asked of FreeType: to read a font and its outlines, and to draw these in 16 levels.
#include <string.h>

#define FT2_BUILD_LIBRARY // what its internal headers want to be read with
#include "fonts.h"

#include <freetype/internal/ftobjs.h>
#include <freetype/internal/ftstream.h>
#include <freetype/internal/sfnt.h>
#include <freetype/internal/tttypes.h>
#include <freetype/tttags.h>

extern const FT_Driver_ClassRec tt_driver_class;
extern const FT_Module_Class sfnt_module_class;
extern const FT_Renderer_Class ft_smooth_renderer_class;

// A character that reaches farther than this many times its size, each way, is damaged, or made to keep the core busy.
#define MOST_EMS (4)
#define OPEN_READS (4000)
#define GLYPH_READS (400) // a character of five parts takes some 40
#define POOR "the font is damaged"

static const char *refusal(fonts_font_t *font, FT_Error error) {
    if (font->error != MP_OBJ_NULL || font->lacks_memory) {
        return NULL;
    }
    uint8_t tag[4] = { 0 };
    font->reads_left = 1;
    fonts_read(font, 0, tag, sizeof(tag));
    if (memcmp(tag, "OTTO", 4) == 0) {
        return "an OTF font has outlines of CFF, only those of TrueType are drawn";
    }
    if (memcmp(tag, "wOF", 3) == 0) {
        return "WOFF is not unpacked here";
    }
    if (error == FT_Err_Unknown_File_Format) {
        return "no TrueType font";
    }
    return error == FT_Err_Out_Of_Memory ? "the font takes too much memory" : POOR;
}

const char *fonts_open(fonts_font_t *font) {
    static const FT_Module_Class *const modules[] = {
        (const FT_Module_Class *)&tt_driver_class, &sfnt_module_class,
        (const FT_Module_Class *)&ft_smooth_renderer_class,
    };
    font->reads_left = OPEN_READS;
    FT_Error error = FT_New_Library(&font->memory_record, &font->library);
    for (size_t i = 0; i < 3 && !error; i++) {
        error = FT_Add_Module(font->library, modules[i]);
    }
    if (!error) {
        FT_Open_Args args = { .flags = FT_OPEN_STREAM, .stream = &font->stream_record };
        error = FT_Open_Face(font->library, &args, 0, &font->face);
    }
    if (error) {
        return refusal(font, error);
    }
    FT_ULong length = 0;
    TT_Face face = (TT_Face)font->face;
    if (!FT_IS_SCALABLE(font->face)) {
        return refusal(font, FT_Err_Invalid_Table);
    }
    if (face->goto_table(face, TTAG_cmap, &font->stream_record, &length) == 0) {
        fonts_find_charmap(font, FT_Stream_Pos(&font->stream_record), length);
    }
    if (font->error != MP_OBJ_NULL) {
        return NULL;
    }
    return font->charmap.format ? NULL : "the font has no table of characters that is known";
}

bool fonts_set_size(fonts_font_t *font, unsigned size) {
    if (font->size != size) {
        font->size = 0;
        if (FT_Set_Pixel_Sizes(font->face, 0, size)) {
            return false;
        }
        font->size = size;
    }
    return true;
}

int fonts_advance(fonts_font_t *font, unsigned glyph) {
    TT_Face face = (TT_Face)font->face;
    FT_Short bearing = 0;
    FT_UShort advance = 0;
    font->reads_left = GLYPH_READS;
    ((SFNT_Service)face->sfnt)->get_metrics(face, 0, glyph, &bearing, &advance);
    FT_Pos pixels = FT_PIX_ROUND(FT_MulFix(advance, font->face->size->metrics.x_scale)) >> 6;
    return pixels > MOST_EMS * font->size ? MOST_EMS * font->size : pixels;
}

bool fonts_load(fonts_font_t *font, fonts_glyph_t *glyph) {
    font->reads_left = GLYPH_READS;
    if (FT_Load_Glyph(font->face, glyph->index, FT_LOAD_NO_HINTING | FT_LOAD_NO_BITMAP)) {
        return false;
    }
    FT_Outline *outline = &font->face->glyph->outline;
    FT_Pos most = MOST_EMS * 64 * (FT_Pos)font->size;
    FT_BBox box;
    FT_Outline_Get_CBox(outline, &box);
    if (box.xMin < -most || box.yMin < -most || box.xMax > most || box.yMax > most) {
        return false;
    }
    if (glyph->size & FONTS_BOLD) {
        FT_Pos strength = font->size * 64 / 24; // as FT_GlyphSlot_Embolden() has it
        FT_Outline_EmboldenXY(outline, strength, 0);
        FT_Outline_Get_CBox(outline, &box);
    }
    glyph->left = box.xMin >> 6;
    glyph->top = (box.yMax + 63) >> 6;
    glyph->width = ((box.xMax + 63) >> 6) - glyph->left;
    glyph->height = glyph->top - (box.yMin >> 6);
    return true;
}

typedef struct {
    fonts_glyph_t *glyph;
    const fonts_strip_t *strip;
    int x;
    int y;
} target_t;

static unsigned level(unsigned coverage) {
    return (coverage * 15 + 127) / 255;
}

static void span_to_picture(int y, int count, const FT_Span *spans, void *user) {
    fonts_glyph_t *glyph = ((target_t *)user)->glyph;
    uint8_t *row = glyph->picture + (glyph->top - 1 - y) * ((glyph->width + 1) / 2);
    for (; count; count--, spans++) {
        unsigned cover = level(spans->coverage);
        for (int x = spans->x - glyph->left; x < spans->x - glyph->left + spans->len; x++) {
            row[x / 2] |= x & 1 ? cover : cover << 4;
        }
    }
}

static void span_to_strip(int y, int count, const FT_Span *spans, void *user) {
    target_t *target = user;
    for (; count; count--, spans++) {
        unsigned cover = level(spans->coverage);
        for (int x = spans->x; x < spans->x + spans->len && cover; x++) {
            fonts_mix(target->strip, target->x + x, target->y - 1 - y, cover);
        }
    }
}

static bool render(fonts_font_t *font, FT_SpanFunc put, target_t *target, FT_BBox box) {
    FT_Raster_Params params = { 0 };
    params.flags = FT_RASTER_FLAG_AA | FT_RASTER_FLAG_DIRECT | FT_RASTER_FLAG_CLIP;
    params.gray_spans = put;
    params.user = target;
    params.clip_box = box;
    return FT_Outline_Render(font->library, &font->face->glyph->outline, &params) == 0;
}

bool fonts_draw_picture(fonts_font_t *font, fonts_glyph_t *glyph) {
    memset(glyph->picture, 0, (glyph->width + 1) / 2 * glyph->height);
    target_t target = { .glyph = glyph };
    FT_BBox box = { glyph->left, glyph->top - glyph->height, glyph->left + glyph->width, glyph->top };
    return render(font, span_to_picture, &target, box);
}

bool fonts_paint_outline(fonts_font_t *font, const fonts_strip_t *strip, const fonts_glyph_t *glyph, int x, int y) {
    target_t target = { .strip = strip, .x = x, .y = y };
    FT_BBox box = { glyph->left, glyph->top - glyph->height, glyph->left + glyph->width, glyph->top };
    box.xMin = box.xMin < strip->left - x ? strip->left - x : box.xMin;
    box.xMax = box.xMax > strip->right - x ? strip->right - x : box.xMax;
    box.yMin = box.yMin < y - strip->bottom ? y - strip->bottom : box.yMin;
    box.yMax = box.yMax > y - strip->top ? y - strip->top : box.yMax;
    return render(font, span_to_strip, &target, box);
}
