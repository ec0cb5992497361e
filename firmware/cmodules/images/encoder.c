// images.Encoder: rows to a JPEG.
//
//   encoder = images.Encoder(stream, width, height, quality, extra=b"")     a baseline JPEG, 4:2:0, written to a stream
//     quality       1 to 100, as libjpeg's
//     extra         whole segments for its head
//   encoder.row(buffer, depth)        the next row, as a decoder gives it; the last one ends the file, those behind it are ignored
//   encoder.state_bytes, encoder.close()
//
// It holds 4.5 KB, and 26 bytes for each pixel of the width.  ValueError, MemoryError, and what the stream raises; after the
// last two it is closed.
#include <string.h>

#include "py/mperrno.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "encode.h"
#include "stream.h"

typedef struct {
    mp_obj_base_t base;
    codecs_heap_t heap;
    mp_obj_t stream;
    encode_t *state; // NULL when closed
    uint32_t width;
} encoder_t;

typedef struct {
    nlr_jump_callback_node_t callback;
    encoder_t *encoder;
} writing_t;

static void lose_encoder(encoder_t *self) {
    codecs_use(&self->heap);
    codecs_free_all(&self->heap);
    self->state = NULL;
    self->stream = mp_const_none;
}

static void lose_by_writing(void *writing) {
    lose_encoder(((writing_t *)writing)->encoder);
}

static void begin_writing(writing_t *writing, encoder_t *encoder) {
    writing->encoder = encoder;
    codecs_use(&encoder->heap);
    nlr_push_jump_callback(&writing->callback, lose_by_writing);
}

static void encoder_write(void *to, const uint8_t *bytes, size_t length) {
    encoder_t *self = to;
    int error;
    mp_uint_t count = mp_stream_rw(self->stream, (void *)bytes, length, &error, MP_STREAM_RW_WRITE);
    codecs_use(&self->heap); // a stream in Python may have had others work meanwhile
    if (error || count != length) {
        mp_raise_OSError(error ? error : MP_EIO);
    }
}

static mp_obj_t encoder_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 4, 5, false);
    mp_get_stream_raise(args[0], MP_STREAM_OP_WRITE);
    mp_int_t width = mp_obj_get_int(args[1]), height = mp_obj_get_int(args[2]), quality = mp_obj_get_int(args[3]);
    if (width < 1 || height < 1 || width > IMAGES_MOST_SIDE || height > IMAGES_MOST_SIDE || quality < 1 || quality > 100) {
        mp_raise_ValueError(MP_ERROR_TEXT("no such picture"));
    }
    mp_buffer_info_t extra = { 0 };
    if (n_args > 4) {
        mp_get_buffer_raise(args[4], &extra, MP_BUFFER_READ);
    }
    encoder_t *self = mp_obj_malloc(encoder_t, type);
    memset((byte *)self + sizeof(self->base), 0, sizeof(*self) - sizeof(self->base));
    self->stream = args[0];
    self->width = width;
    writing_t writing;
    begin_writing(&writing, self);
    self->state = encode_open(encoder_write, self, width, height, quality, extra.buf, extra.len);
    nlr_pop_jump_callback(false);
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t encoder_row(mp_obj_t self_in, mp_obj_t buffer, mp_obj_t depth_in) {
    encoder_t *self = MP_OBJ_TO_PTR(self_in);
    mp_int_t depth = mp_obj_get_int(depth_in);
    mp_buffer_info_t in;
    mp_get_buffer_raise(buffer, &in, MP_BUFFER_READ);
    if (!self->state || (depth != 2 && depth != 3) || in.len < self->width * (size_t)depth) {
        mp_raise_ValueError(self->state ? MP_ERROR_TEXT("the buffer is shorter than a row") : MP_ERROR_TEXT("closed"));
    }
    writing_t writing;
    begin_writing(&writing, self);
    encode_row(self->state, in.buf, depth);
    nlr_pop_jump_callback(false);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_3(encoder_row_obj, encoder_row);

static mp_obj_t encoder_close(mp_obj_t self_in) {
    lose_encoder(MP_OBJ_TO_PTR(self_in));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(encoder_close_obj, encoder_close);

static void encoder_attribute(mp_obj_t self_in, qstr name, mp_obj_t *dest) {
    if (dest[0] != MP_OBJ_NULL) {
        return;
    }
    if (name == MP_QSTR_state_bytes) {
        dest[0] = mp_obj_new_int_from_uint(codecs_allocated(&((encoder_t *)MP_OBJ_TO_PTR(self_in))->heap));
    } else {
        dest[1] = MP_OBJ_SENTINEL;
    }
}

static const mp_rom_map_elem_t encoder_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_row), MP_ROM_PTR(&encoder_row_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&encoder_close_obj) },
};
static MP_DEFINE_CONST_DICT(encoder_locals, encoder_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    images_encoder_type, MP_QSTR_Encoder, MP_TYPE_FLAG_NONE,
    make_new, encoder_new, attr, encoder_attribute, locals_dict, &encoder_locals);
