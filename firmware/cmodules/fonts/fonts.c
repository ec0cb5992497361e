// fonts: TrueType fonts, read where they lie, drawn in any size.
//
//   font = fonts.Font(stream)         an open file that can seek, which is the font's until close()
//   font.metrics(size)                (ascent, height) of a line in pixels
//   font.find(code, size, bold)       pixels that a character takes, -1: the font lacks it
//   font.run(buffer, text, state)     draw characters into a strip as far as the font has them; how many are done (see below)
//   font.glyphs                       how many it has
//   font.is_bold                      whether it says so; others are made bold where that is asked for
//   font.state_bytes                  what it holds of the heap now, beside the object; close() gives it back, else the collector
//
// run(): state is an array of int, as pixels.locate() of kiosk/ui/paint has it: 0 x + 32768, 1 the baseline's y + 32768, 2 to 5 left,
// top, right and bottom of the clip, 6 stride, 7 colour, 8 opacity (0: nothing is drawn), 9 size, 10 bold, 11 the first byte of the text,
// 12 characters.  0 and 11 are as they are afterwards.  What takes no room (pixels.is_hidden) is passed over.
//
// A font takes 2 KB on a 32-bit core, FreeType 5 to 10 KB of it, at most 48 for the outline of 1,500 points; the characters drawn last
// at most 8 KB.  While one is drawn there are 4 KB more.  Glyphs are not hinted; widths are whole pixels.
//
// ValueError: why it is no font that can be drawn, or closed; MemoryError; what the stream raises.  A character that is damaged takes its
// room and is not drawn.
#include <string.h>

#include "py/gc.h"
#include "py/objarray.h"
#include "py/objtuple.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "fonts.h"

#define ORIGIN (32768)
#define STATE_PLACES (13)

static void check(fonts_font_t *self) {
    if (self->error != MP_OBJ_NULL) {
        mp_obj_t error = self->error;
        self->error = MP_OBJ_NULL;
        nlr_raise(error);
    }
    if (self->lacks_memory) {
        self->lacks_memory = false;
        m_malloc_fail(0);
    }
}

static fonts_font_t *begin(mp_obj_t self_in) {
    fonts_font_t *self = MP_OBJ_TO_PTR(self_in);
    if (!self->face) {
        mp_raise_ValueError(MP_ERROR_TEXT("closed"));
    }
    if (self->is_busy) { // a stream in Python may ask for anything
        mp_raise_ValueError(MP_ERROR_TEXT("busy"));
    }
    return self;
}

static mp_obj_t font_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    mp_get_stream_raise(args[0], MP_STREAM_OP_READ | MP_STREAM_OP_IOCTL);
    int error = 0;
    mp_off_t size = mp_stream_seek(args[0], 0, MP_SEEK_END, &error);
    if (size == (mp_off_t)-1) {
        mp_raise_OSError(error);
    }
    fonts_font_t *self = mp_obj_malloc(fonts_font_t, type);
    memset((byte *)self + sizeof(self->base), 0, sizeof(*self) - sizeof(self->base));
    self->stream = args[0];
    self->error = MP_OBJ_NULL;
    self->file_bytes = size < 0 || size > INT32_MAX ? INT32_MAX : size;
    fonts_set_stream(self);
    self->is_busy = true;
    const char *reason = fonts_open(self);
    self->is_busy = false;
    if (reason || self->error != MP_OBJ_NULL || self->lacks_memory) {
        fonts_free_all(self);
        check(self);
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s"), reason);
    }
    return MP_OBJ_FROM_PTR(self);
}

static unsigned size_of(mp_int_t size) {
    if (size < 1 || size > FONTS_MOST_SIZE) {
        mp_raise_ValueError(MP_ERROR_TEXT("no such size"));
    }
    return size;
}

static size_t bytes_of(const fonts_glyph_t *glyph) {
    return sizeof(*glyph) + (glyph->kind == FONTS_DRAWN ? (glyph->width + 1) / 2 * glyph->height : 0);
}

// Give back what was used longest ago, until `bytes` more are within the limit; the first one stays.
static void make_room(fonts_font_t *self, size_t bytes) {
    while (self->glyphs && self->glyphs->next && self->glyphs_bytes + bytes > FONTS_CACHE_BYTES) {
        fonts_glyph_t **last = &self->glyphs->next;
        while ((*last)->next) {
            last = &(*last)->next;
        }
        self->glyphs_bytes -= bytes_of(*last);
        gc_free(*last);
        *last = NULL;
    }
}

static fonts_glyph_t *allocate(fonts_font_t *self, size_t bytes) {
    make_room(self, bytes);
    fonts_glyph_t *glyph = gc_alloc(bytes, 0);
    if (!glyph) {
        make_room(self, FONTS_CACHE_BYTES);
        glyph = gc_alloc(bytes, 0);
        if (!glyph) {
            m_malloc_fail(bytes);
        }
    }
    return glyph;
}

// A character in a size, which comes first then; FreeType is set to the size.
static fonts_glyph_t *look_up(fonts_font_t *self, uint32_t code, unsigned size) {
    if (!fonts_set_size(self, size & ~FONTS_BOLD)) {
        check(self);
        mp_raise_ValueError(MP_ERROR_TEXT("the font is damaged"));
    }
    for (fonts_glyph_t **link = &self->glyphs; *link; link = &(*link)->next) {
        fonts_glyph_t *glyph = *link;
        if (glyph->code == code && glyph->size == size) {
            *link = glyph->next;
            glyph->next = self->glyphs;
            self->glyphs = glyph;
            return glyph;
        }
    }
    fonts_glyph_t *glyph = allocate(self, sizeof(*glyph));
    memset(glyph, 0, sizeof(*glyph));
    glyph->code = code;
    glyph->size = size;
    self->is_busy = true;
    self->reads_left = 100;
    uint32_t index = fonts_find_glyph(self, code);
    if (index && index < (uint32_t)self->face->num_glyphs && index <= 0xffff) {
        glyph->index = index;
        glyph->advance = fonts_advance(self, index);
    }
    self->is_busy = false;
    check(self);
    glyph->next = self->glyphs;
    self->glyphs = glyph;
    self->glyphs_bytes += sizeof(*glyph);
    return glyph;
}

// Draw the picture of the first character, which takes another place on the heap then.
static fonts_glyph_t *draw(fonts_font_t *self) {
    fonts_glyph_t *glyph = self->glyphs;
    self->is_busy = true;
    bool is_loaded = fonts_load(self, glyph);
    self->is_busy = false;
    check(self);
    size_t bytes = (glyph->width + 1) / 2 * glyph->height;
    if (!is_loaded || !bytes) {
        glyph->kind = FONTS_EMPTY;
    } else if (bytes > FONTS_PICTURE_BYTES) {
        glyph->kind = FONTS_LARGE;
    } else {
        fonts_glyph_t *drawn = allocate(self, sizeof(*drawn) + bytes);
        memcpy(drawn, glyph, sizeof(*glyph));
        if (!fonts_draw_picture(self, drawn)) {
            gc_free(drawn);
            check(self);
            glyph->kind = FONTS_EMPTY; // an outline that the rasterizer refuses, whatever the memory
            return glyph;
        }
        drawn->kind = FONTS_DRAWN;
        self->glyphs = drawn;
        self->glyphs_bytes += bytes;
        gc_free(glyph);
        glyph = drawn;
    }
    return glyph;
}

static void paint(fonts_font_t *self, const fonts_strip_t *strip, fonts_glyph_t *glyph, int x, int y) {
    if (glyph->kind == FONTS_MEASURED) {
        glyph = draw(self);
    }
    if (glyph->kind == FONTS_DRAWN) {
        fonts_paint(strip, glyph, x, y);
    } else if (glyph->kind == FONTS_LARGE && y - glyph->top < strip->bottom && y - glyph->top + glyph->height > strip->top
               && x + glyph->left < strip->right && x + glyph->left + glyph->width > strip->left) {
        self->is_busy = true;
        if (fonts_load(self, glyph)) {
            fonts_paint_outline(self, strip, glyph, x, y);
        }
        self->is_busy = false;
        check(self);
    }
}

static bool is_hidden(uint32_t code) {
    return code < 32 || (code >= 0x200b && code <= 0x200f) || (code >= 0xfe00 && code <= 0xfe0f) || code == 0xfeff;
}

static const uint8_t *decode(const uint8_t *text, const uint8_t *end, uint32_t *code) {
    static const uint8_t firsts[] = { 0, 0x1f, 0x0f, 0x07 };
    size_t more = *text < 0xc0 ? 0 : *text < 0xe0 ? 1 : *text < 0xf0 ? 2 : 3;
    *code = more ? *text & firsts[more] : *text;
    for (text++; more && text < end; more--, text++) {
        *code = *code << 6 | (*text & 63);
    }
    return text;
}

static fonts_strip_t strip_of(mp_obj_t buffer, const int32_t *state) {
    fonts_strip_t strip = { 0 };
    if (buffer == mp_const_none || state[8] <= 0) {
        return strip;
    }
    mp_buffer_info_t out;
    mp_get_buffer_raise(buffer, &out, MP_BUFFER_WRITE);
    int stride = state[6];
    if (stride < 1 || stride > 0x4000) {
        mp_raise_ValueError(MP_ERROR_TEXT("no such strip"));
    }
    int rows = out.len / 2 / stride;
    strip.pixels = out.buf;
    strip.stride = stride;
    strip.left = state[2] < 0 ? 0 : state[2];
    strip.top = state[3] < 0 ? 0 : state[3];
    strip.right = state[4] > stride ? stride : state[4];
    strip.bottom = state[5] > rows ? rows : state[5];
    strip.color = state[7];
    strip.opacity = state[8] > 32 ? 32 : state[8];
    return strip;
}

static mp_obj_t font_run(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    fonts_font_t *self = begin(args[0]);
    size_t length;
    const uint8_t *text = (const uint8_t *)mp_obj_str_get_data(args[2], &length);
    mp_buffer_info_t places;
    mp_get_buffer_raise(args[3], &places, MP_BUFFER_RW);
    if (places.typecode != 'i' || places.len < STATE_PLACES * sizeof(int32_t)) {
        mp_raise_ValueError(MP_ERROR_TEXT("no such state"));
    }
    int32_t *state = places.buf;
    fonts_strip_t strip = strip_of(args[1], state);
    unsigned size = size_of(state[9]) | (state[10] ? FONTS_BOLD : 0);
    int x = state[0] - ORIGIN, y = state[1] - ORIGIN;
    if (state[11] < 0 || (size_t)state[11] > length) {
        mp_raise_ValueError(MP_ERROR_TEXT("no such text"));
    }
    const uint8_t *at = text + state[11], *end = text + length;
    mp_int_t taken = 0;
    while (taken < state[12] && at < end) {
        uint32_t code;
        const uint8_t *next = decode(at, end, &code);
        if (!is_hidden(code)) {
            fonts_glyph_t *glyph = look_up(self, code, size);
            if (!glyph->index) {
                break;
            }
            int advance = glyph->advance;
            // What lies beside the clip need not be drawn; a letter reaches over its width by less than its size.
            if (strip.pixels && x < strip.right + (int)self->size && x + advance > strip.left - (int)self->size) {
                paint(self, &strip, glyph, x, y);
            }
            x = x > 0x1000000 ? x : x + advance;
        }
        at = next;
        taken++;
    }
    state[0] = x + ORIGIN;
    state[11] = at - text;
    return MP_OBJ_NEW_SMALL_INT(taken);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(font_run_obj, 4, 4, font_run);

static mp_obj_t font_find(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    fonts_font_t *self = begin(args[0]);
    mp_int_t code = mp_obj_get_int(args[1]);
    unsigned size = size_of(mp_obj_get_int(args[2])) | (mp_obj_is_true(args[3]) ? FONTS_BOLD : 0);
    if (code < 0 || code > 0x10ffff) {
        return MP_OBJ_NEW_SMALL_INT(-1);
    }
    fonts_glyph_t *glyph = look_up(self, code, size);
    return MP_OBJ_NEW_SMALL_INT(glyph->index ? glyph->advance : -1);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(font_find_obj, 4, 4, font_find);

static mp_int_t within(FT_Pos value, mp_int_t most) {
    return value < 0 ? 0 : value >> 6 > most ? most : value >> 6;
}

static mp_obj_t font_metrics(mp_obj_t self_in, mp_obj_t size_in) {
    fonts_font_t *self = begin(self_in);
    unsigned size = size_of(mp_obj_get_int(size_in));
    if (!fonts_set_size(self, size)) {
        check(self);
        mp_raise_ValueError(MP_ERROR_TEXT("the font is damaged"));
    }
    const FT_Size_Metrics *metrics = &self->face->size->metrics;
    mp_int_t ascent = within(metrics->ascender, 4 * size);
    mp_int_t height = ascent + within(-metrics->descender, 4 * size);
    mp_obj_t items[] = { MP_OBJ_NEW_SMALL_INT(ascent), MP_OBJ_NEW_SMALL_INT(height ? height : 1) };
    return mp_obj_new_tuple(2, items);
}
static MP_DEFINE_CONST_FUN_OBJ_2(font_metrics_obj, font_metrics);

static mp_obj_t font_close(mp_obj_t self_in) {
    fonts_font_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->face) {
        mp_obj_t stream = begin(self_in)->stream;
        fonts_free_all(self);
        mp_stream_close(stream);
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(font_close_obj, font_close);

static void font_attribute(mp_obj_t self_in, qstr name, mp_obj_t *dest) {
    fonts_font_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; // nothing can be set
    }
    if (name == MP_QSTR_glyphs) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(self->face ? self->face->num_glyphs : 0);
    } else if (name == MP_QSTR_is_bold) {
        dest[0] = mp_obj_new_bool(self->face && self->face->style_flags & FT_STYLE_FLAG_BOLD);
    } else if (name == MP_QSTR_state_bytes) {
        dest[0] = mp_obj_new_int_from_uint(self->memory_bytes + self->glyphs_bytes);
    } else {
        dest[1] = MP_OBJ_SENTINEL; // look among the methods
    }
}

static const mp_rom_map_elem_t font_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_metrics), MP_ROM_PTR(&font_metrics_obj) },
    { MP_ROM_QSTR(MP_QSTR_find), MP_ROM_PTR(&font_find_obj) },
    { MP_ROM_QSTR(MP_QSTR_run), MP_ROM_PTR(&font_run_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&font_close_obj) },
};
static MP_DEFINE_CONST_DICT(font_locals, font_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    font_type, MP_QSTR_Font, MP_TYPE_FLAG_NONE,
    make_new, font_new, attr, font_attribute, locals_dict, &font_locals);

static const mp_rom_map_elem_t fonts_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_fonts) },
    { MP_ROM_QSTR(MP_QSTR_Font), MP_ROM_PTR(&font_type) },
    { MP_ROM_QSTR(MP_QSTR_MOST_SIZE), MP_ROM_INT(FONTS_MOST_SIZE) },
};
static MP_DEFINE_CONST_DICT(fonts_globals, fonts_globals_table);

const mp_obj_module_t fonts_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&fonts_globals,
};
MP_REGISTER_MODULE(MP_QSTR_fonts, fonts_module);
