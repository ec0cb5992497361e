// images: PNG and JPEG, row by row, as small as they are shown; and rows to a JPEG.
//
//   decoder = images.Decoder(format, stream, part, width, height, depth=2)
//     format        "png" or "jpeg"
//     stream        an open file at the picture's beginning, or another stream that waits for what it has not
//     part          (left, top, right, bottom) in the file's pixels: what is shown; None: all of it
//     width, height of what it is shown as; larger than the part itself become that
//     depth         2: RGB565, the higher byte first; 3: red, green, blue, over white where it is transparent
//   decoder.width, decoder.height     of the rows that come
//   decoder.row(buffer)               fill in the next row: width pixels, and if the picture has `alpha`, a byte of it for
//                                     each pixel after them all.  False: there are no more
//   decoder.alpha                     whether it has
//   decoder.whole_width, whole_height of the file
//   decoder.damaged                   faults in the data that were made up for (JPEG)
//   decoder.state_bytes               what it holds of the heap now; close() gives it back, else the collector
//
//   encoder = images.Encoder(...)    see encoder.c
//
//   images.spread(source, count, size, target, at, step)   put `count` things of `size` bytes that follow each other in
//                                     `source` into `target`, the first at byte `at`, each `step` bytes on
//
// Smaller pixels are the mean of those that they stand for; the DCT of a JPEG does the powers of two up to 8 of it.  Nothing is
// held but what one row takes: on a 32-bit core 45 KB and 9 bytes (with opacity 12) for each pixel of the file's width for a
// PNG, of it up to 32 KB in one piece, zlib's window; 32 to 36 KB for a JPEG that is shown 320 pixels wide.  Two kinds cannot be
// had like that: a progressive JPEG is held as coefficients (3 to 6 bytes for each pixel of the file), an interlaced PNG as the
// rows that are asked for (2 or 3 bytes a pixel; of smaller ones one pixel of the file is taken, not the mean).
//
// ValueError: what is wrong with the picture, MemoryError: the heap does not hold the state; after either it is closed.
#include <string.h>

#include "py/objtuple.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "stream.h"

typedef struct {
    mp_obj_base_t base;
    codecs_heap_t heap;
    images_stream_t stream;
    const images_library_t *library;
    void *state; // NULL when closed
    images_picture_t picture;
    images_side_t across;
    images_side_t down;
    images_box_t box;
    uint8_t depth; // bytes of a pixel that comes
    uint8_t *held; // all rows of an interlaced picture
    uint32_t next; // the next row that is asked for
} decoder_t;

typedef struct {
    nlr_jump_callback_node_t callback;
    decoder_t *decoder;
} work_t;

static const images_library_t *const libraries[] = { &images_png, &images_jpeg };

size_t images_read(images_stream_t *stream, uint8_t *bytes, size_t length) {
    int error;
    mp_uint_t count = mp_stream_rw(stream->object, bytes, length, &error, MP_STREAM_RW_READ);
    codecs_use(stream->heap); // a stream in Python may have had others work meanwhile
    if (error) {
        mp_raise_OSError(error);
    }
    return count;
}

void images_refuse(const char *reason) {
    mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("%s"), reason);
}

void images_lack_memory(void) {
    m_malloc_fail(0);
}

static void lose(decoder_t *self) {
    codecs_use(&self->heap);
    codecs_free_all(&self->heap);
    self->state = NULL;
    self->held = NULL;
    self->stream.object = mp_const_none;
}

static void lose_by_exception(void *work) {
    lose(((work_t *)work)->decoder);
}

static void begin(work_t *work, decoder_t *decoder) {
    work->decoder = decoder;
    codecs_use(&decoder->heap);
    nlr_push_jump_callback(&work->callback, lose_by_exception);
}

static void end(void) {
    nlr_pop_jump_callback(false);
}

static void choose_part(decoder_t *self, mp_obj_t part, mp_int_t width, mp_int_t height) {
    uint32_t sides[4] = { 0, 0, self->picture.width, self->picture.height };
    if (part != mp_const_none) {
        mp_obj_t *items;
        mp_obj_get_array_fixed_n(part, 4, &items);
        for (size_t i = 0; i < 4; i++) {
            mp_int_t side = mp_obj_get_int(items[i]);
            if (side < 0 || (uint32_t)side > sides[2 + i % 2]) {
                mp_raise_ValueError(MP_ERROR_TEXT("the part is not in the picture"));
            }
            if (i < 2) {
                sides[i] = side;
            } else if ((uint32_t)side <= sides[i - 2]) {
                mp_raise_ValueError(MP_ERROR_TEXT("the part is empty"));
            } else {
                sides[i] = side;
            }
        }
    }
    if (width < 1 || height < 1) {
        mp_raise_ValueError(MP_ERROR_TEXT("nothing is shown"));
    }
    uint32_t across = sides[2] - sides[0], down = sides[3] - sides[1];
    self->across = (images_side_t) { sides[0], across, (uint32_t)width < across ? (uint32_t)width : across };
    self->down = (images_side_t) { sides[1], down, (uint32_t)height < down ? (uint32_t)height : down };
}

static void prepare(decoder_t *self) {
    images_picture_t *picture = &self->picture;
    uint32_t width = self->across.count;
    uint32_t shrink_across = self->across.length / width, shrink_down = self->down.length / self->down.count;
    self->library->start(self->state, picture, shrink_across < shrink_down ? shrink_across : shrink_down);
    images_box_t *box = &self->box;
    box->width = width;
    box->channels = picture->channels;
    box->bounds = codecs_malloc((width + 1) * sizeof(*box->bounds));
    for (uint32_t x = 0; x <= width; x++) {
        box->bounds[x] = images_bound(&self->across, picture->shrink, x);
    }
    if (picture->interlaced) {
        size_t pixel_bytes = picture->channels == 4 ? 3 : self->depth;
        self->held = codecs_malloc(width * self->down.count * pixel_bytes);
    } else if (picture->shrink > 1 || width < self->across.length || self->down.count < self->down.length) {
        box->sums = codecs_calloc(width * picture->channels, sizeof(*box->sums));
    }
}

static mp_obj_t decoder_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 5, 6, false);
    mp_int_t depth = n_args > 5 ? mp_obj_get_int(args[5]) : 2;
    if (depth != 2 && depth != 3) {
        mp_raise_ValueError(MP_ERROR_TEXT("no such depth"));
    }
    const char *format = mp_obj_str_get_str(args[0]);
    mp_get_stream_raise(args[1], MP_STREAM_OP_READ);
    for (size_t i = 0; i < MP_ARRAY_SIZE(libraries); i++) {
        if (strcmp(format, libraries[i]->format) == 0) {
            decoder_t *self = mp_obj_malloc(decoder_t, type);
            memset((byte *)self + sizeof(self->base), 0, sizeof(*self) - sizeof(self->base));
            self->stream.object = args[1];
            self->stream.heap = &self->heap;
            self->library = libraries[i];
            self->picture.shrink = 1;
            self->depth = depth;
            work_t work;
            begin(&work, self);
            self->state = self->library->open(&self->stream, &self->picture);
            choose_part(self, args[2], mp_obj_get_int(args[3]), mp_obj_get_int(args[4]));
            prepare(self);
            end();
            return MP_OBJ_FROM_PTR(self);
        }
    }
    mp_raise_ValueError(MP_ERROR_TEXT("no such format"));
}

static bool has_opacity(const decoder_t *self) {
    return self->picture.channels == 4 && self->depth == 2;
}

static void put(const decoder_t *self, const uint8_t *pixel, uint8_t *out, uint8_t *alpha) {
    if (self->depth == 3) {
        images_put_rgb(pixel, self->picture.channels, out);
    } else {
        images_put(pixel, self->picture.channels, out, alpha);
    }
}

// The pixels that a pass of an interlaced picture has for the rows that are shown.
static void hold_pass(decoder_t *self, const images_row_t *row) {
    uint32_t width = self->across.count, y = 0, height = self->down.count;
    unsigned channels = self->picture.channels;
    uint32_t low = 0, high = height; // the last one that begins at or before this row
    while (low < high) {
        uint32_t middle = (low + high) / 2;
        if (images_bound(&self->down, 1, middle + 1) <= row->number) {
            low = middle + 1;
        } else {
            high = middle;
        }
    }
    y = low;
    if (y >= height || row->number != (images_bound(&self->down, 1, y) + images_bound(&self->down, 1, y + 1)) / 2) {
        return;
    }
    unsigned depth = self->depth;
    uint8_t *out = self->held + y * width * depth;
    uint8_t *alpha = channels == 4 && depth == 2 ? self->held + height * width * 2 + y * width : NULL;
    for (uint32_t x = 0; x < width; x++) {
        uint32_t column = (self->box.bounds[x] + self->box.bounds[x + 1]) / 2;
        if (column >= row->first && (column - row->first) % row->step == 0) {
            put(self, row->pixels + column * channels, out + depth * x, alpha ? alpha + x : NULL);
        }
    }
}

static void next_row(decoder_t *self, uint8_t *out, uint8_t *alpha) {
    unsigned depth = self->depth;
    uint32_t width = self->across.count, height = self->down.count, y = self->next;
    images_row_t row;
    if (self->picture.interlaced) {
        if (y == 0) {
            while (self->library->row(self->state, &row)) {
                hold_pass(self, &row);
            }
        }
        memcpy(out, self->held + y * width * depth, width * depth);
        if (alpha) {
            memcpy(alpha, self->held + (2 * height + y) * width, width);
        }
        return;
    }
    uint32_t first = images_bound(&self->down, self->picture.shrink, y);
    uint32_t last = images_bound(&self->down, self->picture.shrink, y + 1) - 1;
    do {
        if (!self->library->row(self->state, &row)) {
            images_refuse("the picture is cut off");
        }
        if (row.number >= first && self->box.sums) {
            images_add(&self->box, row.pixels);
        }
    } while (row.number < last);
    if (self->box.sums) {
        images_average(&self->box, depth, out, alpha);
        return;
    }
    unsigned channels = self->picture.channels;
    const uint8_t *pixel = row.pixels + self->box.bounds[0] * channels;
    for (uint32_t x = 0; x < width; x++, pixel += channels, out += depth) {
        put(self, pixel, out, alpha ? alpha + x : NULL);
    }
}

static mp_obj_t decoder_row(mp_obj_t self_in, mp_obj_t buffer) {
    decoder_t *self = MP_OBJ_TO_PTR(self_in);
    if (!self->state) {
        mp_raise_ValueError(MP_ERROR_TEXT("closed"));
    }
    mp_buffer_info_t out;
    mp_get_buffer_raise(buffer, &out, MP_BUFFER_WRITE);
    uint32_t width = self->across.count;
    bool has_alpha = has_opacity(self);
    if (out.len < width * (has_alpha ? 3 : self->depth)) {
        mp_raise_ValueError(MP_ERROR_TEXT("the buffer is shorter than a row"));
    }
    if (self->next >= self->down.count) {
        return mp_const_false;
    }
    work_t work;
    begin(&work, self);
    next_row(self, out.buf, has_alpha ? (uint8_t *)out.buf + 2 * width : NULL);
    end();
    self->next++;
    return mp_const_true;
}
static MP_DEFINE_CONST_FUN_OBJ_2(decoder_row_obj, decoder_row);

static mp_obj_t decoder_close(mp_obj_t self_in) {
    lose(MP_OBJ_TO_PTR(self_in));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(decoder_close_obj, decoder_close);

static void decoder_attribute(mp_obj_t self_in, qstr name, mp_obj_t *dest) {
    decoder_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; // nothing can be set
    }
    if (name == MP_QSTR_width) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(self->across.count);
    } else if (name == MP_QSTR_height) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(self->down.count);
    } else if (name == MP_QSTR_whole_width) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(self->picture.width);
    } else if (name == MP_QSTR_whole_height) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(self->picture.height);
    } else if (name == MP_QSTR_alpha) {
        dest[0] = mp_obj_new_bool(has_opacity(self));
    } else if (name == MP_QSTR_damaged) {
        dest[0] = mp_obj_new_int_from_uint(self->state ? self->library->damaged(self->state) : 0);
    } else if (name == MP_QSTR_state_bytes) {
        dest[0] = mp_obj_new_int_from_uint(codecs_allocated(&self->heap));
    } else {
        dest[1] = MP_OBJ_SENTINEL; // look among the methods
    }
}

static const mp_rom_map_elem_t decoder_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_row), MP_ROM_PTR(&decoder_row_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&decoder_close_obj) },
};
static MP_DEFINE_CONST_DICT(decoder_locals, decoder_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    decoder_type, MP_QSTR_Decoder, MP_TYPE_FLAG_NONE,
    make_new, decoder_new, attr, decoder_attribute, locals_dict, &decoder_locals);

static mp_obj_t spread(size_t n_args, const mp_obj_t *args) {
    (void)n_args;
    mp_buffer_info_t source, target;
    mp_get_buffer_raise(args[0], &source, MP_BUFFER_READ);
    mp_get_buffer_raise(args[3], &target, MP_BUFFER_WRITE);
    mp_int_t count = mp_obj_get_int(args[1]), size = mp_obj_get_int(args[2]);
    mp_int_t at = mp_obj_get_int(args[4]), step = mp_obj_get_int(args[5]);
    mp_int_t most = 1 << 24;
    if (count < 1 || size < 1 || count > most || size > 4 || at < 0 || at > most || step > most || step < -most) {
        mp_raise_ValueError(NULL);
    }
    int64_t last = at + (int64_t)(count - 1) * step;
    if (count * size > (mp_int_t)source.len || at + size > (mp_int_t)target.len || last < 0
        || last + size > (int64_t)target.len) {
        mp_raise_ValueError(MP_ERROR_TEXT("outside of the buffer"));
    }
    const uint8_t *from = source.buf;
    uint8_t *to = (uint8_t *)target.buf + at;
    for (; count; count--, to += step) {
        for (mp_int_t i = 0; i < size; i++) {
            to[i] = *from++;
        }
    }
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(spread_obj, 6, 6, spread);

static const mp_rom_map_elem_t images_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_images) },
    { MP_ROM_QSTR(MP_QSTR_Decoder), MP_ROM_PTR(&decoder_type) },
    { MP_ROM_QSTR(MP_QSTR_Encoder), MP_ROM_PTR(&images_encoder_type) },
    { MP_ROM_QSTR(MP_QSTR_spread), MP_ROM_PTR(&spread_obj) },
    { MP_ROM_QSTR(MP_QSTR_MOST_SIDE), MP_ROM_INT(IMAGES_MOST_SIDE) },
};
static MP_DEFINE_CONST_DICT(images_globals, images_globals_table);

const mp_obj_module_t images_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&images_globals,
};
MP_REGISTER_MODULE(MP_QSTR_images, images_module);
