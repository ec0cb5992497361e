// brotli: decompresses Brotli streams (RFC 7932), piece by piece.
//
//   decoder = brotli.Decoder()
//   taken, given = decoder.feed(input, output)   how many bytes of each buffer were used
//   decoder.finished                             whether the stream has come to its end
//
// feed() raises ValueError for what is no Brotli, MemoryError when the heap does not hold the window: up to that of the
// stream (at most 16 MB, as its maker chose), but no more than what comes out of it.  All memory is the heap's, and the
// collector's again with the decoder.  The library's dictionary of 122 KB stays in flash.
#include "py/gc.h"
#include "py/runtime.h"

#include <brotli/decode.h>

typedef struct {
    mp_obj_base_t base;
    BrotliDecoderState *state;
} brotli_decoder_t;

// gc_alloc(), because the library frees without telling a size, which m_free() may want.
static void *allocate(void *opaque, size_t size) {
    (void)opaque;
    return gc_alloc(size, 0);
}

static void release(void *opaque, void *address) {
    (void)opaque;
    gc_free(address);
}

static mp_obj_t make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 0, false);
    brotli_decoder_t *self = mp_obj_malloc(brotli_decoder_t, type);
    self->state = BrotliDecoderCreateInstance(allocate, release, NULL);
    if (!self->state) {
        m_malloc_fail(0);
    }
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t feed(mp_obj_t self_in, mp_obj_t input, mp_obj_t output) {
    brotli_decoder_t *self = MP_OBJ_TO_PTR(self_in);
    mp_buffer_info_t in, out;
    mp_get_buffer_raise(input, &in, MP_BUFFER_READ);
    mp_get_buffer_raise(output, &out, MP_BUFFER_WRITE);
    const uint8_t *next_in = in.buf;
    uint8_t *next_out = out.buf;
    size_t left_in = in.len, left_out = out.len;
    if (BrotliDecoderDecompressStream(self->state, &left_in, &next_in, &left_out, &next_out, NULL)
        == BROTLI_DECODER_RESULT_ERROR) {
        BrotliDecoderErrorCode code = BrotliDecoderGetErrorCode(self->state);
        if (code <= BROTLI_DECODER_ERROR_ALLOC_CONTEXT_MODES && code >= BROTLI_DECODER_ERROR_ALLOC_BLOCK_TYPE_TREES) {
            m_malloc_fail(0);
        }
        mp_raise_ValueError(MP_ERROR_TEXT("not a Brotli stream"));
    }
    mp_obj_t counts[] = { MP_OBJ_NEW_SMALL_INT(in.len - left_in), MP_OBJ_NEW_SMALL_INT(out.len - left_out) };
    return mp_obj_new_tuple(2, counts);
}
static MP_DEFINE_CONST_FUN_OBJ_3(feed_obj, feed);

static void attribute(mp_obj_t self_in, qstr name, mp_obj_t *dest) {
    brotli_decoder_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; // nothing can be set
    }
    if (name == MP_QSTR_finished) {
        dest[0] = mp_obj_new_bool(BrotliDecoderIsFinished(self->state));
    } else {
        dest[1] = MP_OBJ_SENTINEL; // look among the methods
    }
}

static const mp_rom_map_elem_t decoder_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_feed), MP_ROM_PTR(&feed_obj) },
};
static MP_DEFINE_CONST_DICT(decoder_locals, decoder_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    brotli_decoder_type, MP_QSTR_Decoder, MP_TYPE_FLAG_NONE,
    make_new, make_new, attr, attribute, locals_dict, &decoder_locals);

static const mp_rom_map_elem_t brotli_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_brotli) },
    { MP_ROM_QSTR(MP_QSTR_Decoder), MP_ROM_PTR(&brotli_decoder_type) },
};
static MP_DEFINE_CONST_DICT(brotli_globals, brotli_globals_table);

const mp_obj_module_t brotli_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&brotli_globals,
};
MP_REGISTER_MODULE(MP_QSTR_brotli, brotli_module);
