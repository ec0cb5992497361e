// codecs: compressed sound, frame by frame.
//
//   codecs.formats()                 what Decoder() takes of "mp3" (layer III) and "aac" (low complexity, in ADTS)
//   codecs.encodings()               what Encoder() takes
//   codecs.PCM_BYTES, codecs.ENCODED_BYTES   what an output has to hold at least: the largest frame
//
//   decoder = codecs.Decoder(format)
//   taken, given = decoder.feed(input, output)   how many bytes of each were used; at most one frame a call
//   decoder.rate_hz, decoder.channels            of the last frame; 0 before the first
//   decoder.damaged                              frames that were silence instead, as their data made no sense
//   decoder.skipped                              bytes that were part of no frame
//   decoder.reset()                              after a seek: what is held of the input, and of the sound, is dropped
//
//   encoder = codecs.Encoder(format, rate_hz, channels, bit_rate)
//   taken, given = encoder.encode(input, output)   likewise, from samples
//   given = encoder.finish(output)                 what is still inside, a frame a call, until there is nothing: 0
//   encoder.frame_bytes                            of samples: a frame is encoded when so many were taken
//
// Samples are 16 bits, signed, of the channels in turn.  An input may end anywhere.  An empty input to feed() says that
// the stream is at its end: then the last frame comes, though no other follows; (0, 0) means that all has come.  A
// decoder knows a frame by its header and by the one after it, and looks for the next ones when they do not fit.
//
// Both have `state_bytes`, what they hold of the heap, and `close()`, which gives it back at once; else the collector does.
// On a 32-bit core, decoding: MP3 15 KB, in pieces of up to 6; AAC 33 KB for two channels and 25 for one, of it all but 2
// with the first frame, in pieces of up to 10.  Encoding: MP3 65 KB, of it 56 in one piece; AAC 53 KB, up to 17 in one.
// ValueError for what a library cannot do, MemoryError when the heap does not hold the state.
#include <string.h>

#include "py/mperrno.h"
#include "py/objtuple.h"
#include "py/runtime.h"

#include "codecs.h"

static const codecs_decoder_t *const decoders[] = {
    &codecs_mp3_decoder,
    #if MPKIOSK_FAAD2
    &codecs_aac_decoder,
    #endif
};

static const codecs_encoder_t *const encoders[] = { &codecs_mp3_encoder, &codecs_aac_encoder };

typedef struct {
    mp_obj_base_t base;
    codecs_heap_t heap;
    void *state; // NULL when closed
    uint8_t *held; // of a decoder, the bytes; of an encoder, the samples
    size_t held_bytes;
} codec_t;

typedef struct {
    codec_t codec;
    const codecs_decoder_t *library;
    uint32_t rate_hz;
    uint32_t kind; // of the frames, 0: out of step
    size_t damaged;
    size_t skipped;
    uint8_t channels;
} decoder_t;

typedef struct {
    codec_t codec;
    const codecs_encoder_t *library;
    size_t frame_bytes;
    uint16_t to_flush;
} encoder_t;

// A library at work: when the heap is full, MemoryError leaves it in the middle, and with it goes what it had.
typedef struct {
    nlr_jump_callback_node_t callback;
    codec_t *codec;
} work_t;

static void lose(codec_t *self) {
    codecs_use(&self->heap);
    codecs_free_all(&self->heap);
    self->state = NULL;
    self->held_bytes = 0;
}

static void lose_by_exception(void *work) {
    lose(((work_t *)work)->codec);
}

static void begin(work_t *work, codec_t *codec) {
    work->codec = codec;
    codecs_use(&codec->heap);
    nlr_push_jump_callback(&work->callback, lose_by_exception);
}

static void end(void) {
    nlr_pop_jump_callback(false);
}

static void check_open(codec_t *self) {
    if (!self->state) {
        mp_raise_ValueError(MP_ERROR_TEXT("closed"));
    }
}

// The `output` of a call; shorter than a frame it would lose samples.
static uint8_t *output_of(mp_obj_t output, size_t least) {
    mp_buffer_info_t out;
    mp_get_buffer_raise(output, &out, MP_BUFFER_WRITE);
    if (out.len < least || (uintptr_t)out.buf % sizeof(int16_t)) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("output needs %d bytes, at an even address"), (int)least);
    }
    return out.buf;
}

static mp_obj_t pair(size_t taken, size_t given) {
    mp_obj_t counts[] = { MP_OBJ_NEW_SMALL_INT(taken), MP_OBJ_NEW_SMALL_INT(given) };
    return mp_obj_new_tuple(2, counts);
}

static mp_obj_t refuse(void) {
    mp_raise_ValueError(MP_ERROR_TEXT("the encoder does not do this rate, channels and bit rate"));
}

static void drop(codec_t *self, size_t bytes) {
    self->held_bytes -= bytes;
    memmove(self->held, self->held + bytes, self->held_bytes);
}

static mp_obj_t decoder_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    const char *format = mp_obj_str_get_str(args[0]);
    for (size_t i = 0; i < MP_ARRAY_SIZE(decoders); i++) {
        if (strcmp(format, decoders[i]->format) == 0) {
            decoder_t *self = mp_obj_malloc(decoder_t, type);
            memset((byte *)self + sizeof(self->codec.base), 0, sizeof(*self) - sizeof(self->codec.base));
            self->library = decoders[i];
            work_t work;
            begin(&work, &self->codec);
            self->codec.held = codecs_malloc(CODECS_WINDOW_BYTES);
            self->codec.state = self->library->open();
            end();
            return MP_OBJ_FROM_PTR(self);
        }
    }
    #if !MPKIOSK_FAAD2
    if (strcmp(format, "aac") == 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("aac is decoded only by a GPL library, which this image is built without"));
    }
    #endif
    mp_raise_ValueError(MP_ERROR_TEXT("no such format"));
}

// The bytes before the next place in the window that may begin a frame; the one at its start does not.
static size_t to_next(const codec_t *self) {
    const uint8_t *next = memchr(self->held + 1, 0xff, self->held_bytes - 1);
    return next ? (size_t)(next - self->held) : self->held_bytes;
}

static mp_obj_t feed(mp_obj_t self_in, mp_obj_t input, mp_obj_t output) {
    decoder_t *self = MP_OBJ_TO_PTR(self_in);
    codec_t *codec = &self->codec;
    const codecs_decoder_t *library = self->library;
    check_open(codec);
    mp_buffer_info_t in;
    mp_get_buffer_raise(input, &in, MP_BUFFER_READ);
    int16_t *samples = (int16_t *)output_of(output, CODECS_PCM_BYTES);
    bool at_end = in.len == 0;
    size_t taken = 0, skipped = 0;
    while (skipped < CODECS_WINDOW_BYTES) {
        size_t taking = MIN(in.len - taken, CODECS_WINDOW_BYTES - codec->held_bytes);
        memcpy(codec->held + codec->held_bytes, (const byte *)in.buf + taken, taking);
        codec->held_bytes += taking;
        taken += taking;
        codecs_frame_t frame, next;
        if (codec->held_bytes < library->header_bytes) {
            if (at_end) {
                skipped += codec->held_bytes;
                codec->held_bytes = 0;
            }
            break;
        }
        bool fits = library->parse(codec->held, &frame);
        bool in_step = fits && frame.kind == self->kind;
        if (fits && codec->held_bytes < frame.length + library->header_bytes) {
            if (!at_end) {
                break; // the window is not full: no frame is as long
            }
            fits = codec->held_bytes == frame.length || (in_step && codec->held_bytes > frame.length);
        } else if (fits && !in_step) {
            fits = library->parse(codec->held + frame.length, &next) && next.kind == frame.kind;
        }
        if (!fits) {
            size_t bytes = to_next(codec);
            skipped += bytes;
            self->kind = 0;
            drop(codec, bytes);
            continue;
        }
        work_t work;
        begin(&work, codec);
        int count = library->decode(codec->state, codec->held, &frame, samples);
        end();
        drop(codec, frame.length);
        if (count < 0) {
            self->damaged++;
            count = frame.samples;
            memset(samples, 0, count * frame.channels * sizeof(*samples));
        }
        self->kind = frame.kind;
        self->rate_hz = frame.rate_hz;
        self->channels = frame.channels;
        if (count) {
            self->skipped += skipped;
            return pair(taken, count * frame.channels * sizeof(*samples));
        }
    }
    self->skipped += skipped;
    return pair(taken, 0);
}
static MP_DEFINE_CONST_FUN_OBJ_3(feed_obj, feed);

static mp_obj_t decoder_reset(mp_obj_t self_in) {
    decoder_t *self = MP_OBJ_TO_PTR(self_in);
    check_open(&self->codec);
    self->codec.held_bytes = 0;
    self->kind = 0;
    self->library->reset(self->codec.state);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(decoder_reset_obj, decoder_reset);

static mp_obj_t codec_close(mp_obj_t self_in) {
    lose(MP_OBJ_TO_PTR(self_in));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(codec_close_obj, codec_close);

static void decoder_attribute(mp_obj_t self_in, qstr name, mp_obj_t *dest) {
    decoder_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; // nothing can be set
    }
    if (name == MP_QSTR_rate_hz) {
        dest[0] = mp_obj_new_int_from_uint(self->rate_hz);
    } else if (name == MP_QSTR_channels) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(self->channels);
    } else if (name == MP_QSTR_damaged) {
        dest[0] = mp_obj_new_int_from_uint(self->damaged);
    } else if (name == MP_QSTR_skipped) {
        dest[0] = mp_obj_new_int_from_uint(self->skipped);
    } else if (name == MP_QSTR_state_bytes) {
        dest[0] = mp_obj_new_int_from_uint(codecs_allocated(&self->codec.heap));
    } else {
        dest[1] = MP_OBJ_SENTINEL; // look among the methods
    }
}

static const mp_rom_map_elem_t decoder_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_feed), MP_ROM_PTR(&feed_obj) },
    { MP_ROM_QSTR(MP_QSTR_reset), MP_ROM_PTR(&decoder_reset_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&codec_close_obj) },
};
static MP_DEFINE_CONST_DICT(decoder_locals, decoder_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    decoder_type, MP_QSTR_Decoder, MP_TYPE_FLAG_NONE,
    make_new, decoder_new, attr, decoder_attribute, locals_dict, &decoder_locals);

static mp_obj_t encoder_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 4, 4, false);
    const char *format = mp_obj_str_get_str(args[0]);
    mp_int_t rate_hz = mp_obj_get_int(args[1]), channels = mp_obj_get_int(args[2]), bit_rate = mp_obj_get_int(args[3]);
    for (size_t i = 0; i < MP_ARRAY_SIZE(encoders); i++) {
        if (strcmp(format, encoders[i]->format) == 0) {
            bool sane = rate_hz > 0 && rate_hz <= 96000 && (channels == 1 || channels == 2) && bit_rate > 0 && bit_rate <= 320000;
            int samples = sane ? encoders[i]->check(rate_hz, channels, bit_rate) : 0;
            if (!samples) {
                return refuse();
            }
            encoder_t *self = mp_obj_malloc(encoder_t, type);
            memset((byte *)self + sizeof(self->codec.base), 0, sizeof(*self) - sizeof(self->codec.base));
            self->library = encoders[i];
            self->frame_bytes = samples * channels * sizeof(int16_t);
            self->to_flush = self->library->flush_frames;
            work_t work;
            begin(&work, &self->codec);
            self->codec.held = codecs_malloc(self->frame_bytes);
            self->codec.state = self->library->open(rate_hz, channels, bit_rate);
            end();
            if (!self->codec.state) {
                return refuse();
            }
            return MP_OBJ_FROM_PTR(self);
        }
    }
    mp_raise_ValueError(MP_ERROR_TEXT("no such format"));
}

static size_t encode_held(encoder_t *self, uint8_t *encoded) {
    work_t work;
    begin(&work, &self->codec);
    int bytes = self->library->encode(self->codec.state, (int16_t *)self->codec.held, self->frame_bytes, encoded);
    end();
    self->codec.held_bytes = 0;
    if (bytes < 0) {
        mp_raise_OSError(MP_EIO);
    }
    return bytes;
}

static mp_obj_t encode(mp_obj_t self_in, mp_obj_t input, mp_obj_t output) {
    encoder_t *self = MP_OBJ_TO_PTR(self_in);
    codec_t *codec = &self->codec;
    check_open(codec);
    mp_buffer_info_t in;
    mp_get_buffer_raise(input, &in, MP_BUFFER_READ);
    uint8_t *encoded = output_of(output, CODECS_ENCODED_BYTES);
    size_t taken = MIN(in.len, self->frame_bytes - codec->held_bytes);
    memcpy(codec->held + codec->held_bytes, in.buf, taken);
    codec->held_bytes += taken;
    return pair(taken, codec->held_bytes == self->frame_bytes ? encode_held(self, encoded) : 0);
}
static MP_DEFINE_CONST_FUN_OBJ_3(encode_obj, encode);

static mp_obj_t finish(mp_obj_t self_in, mp_obj_t output) {
    encoder_t *self = MP_OBJ_TO_PTR(self_in);
    codec_t *codec = &self->codec;
    check_open(codec);
    uint8_t *encoded = output_of(output, CODECS_ENCODED_BYTES);
    size_t given = 0;
    while (!given && (codec->held_bytes || self->to_flush)) {
        self->to_flush -= codec->held_bytes == 0;
        memset(codec->held + codec->held_bytes, 0, self->frame_bytes - codec->held_bytes);
        given = encode_held(self, encoded);
    }
    return MP_OBJ_NEW_SMALL_INT(given);
}
static MP_DEFINE_CONST_FUN_OBJ_2(finish_obj, finish);

static void encoder_attribute(mp_obj_t self_in, qstr name, mp_obj_t *dest) {
    encoder_t *self = MP_OBJ_TO_PTR(self_in);
    if (dest[0] != MP_OBJ_NULL) {
        return; // nothing can be set
    }
    if (name == MP_QSTR_frame_bytes) {
        dest[0] = MP_OBJ_NEW_SMALL_INT(self->frame_bytes);
    } else if (name == MP_QSTR_state_bytes) {
        dest[0] = mp_obj_new_int_from_uint(codecs_allocated(&self->codec.heap));
    } else {
        dest[1] = MP_OBJ_SENTINEL; // look among the methods
    }
}

static const mp_rom_map_elem_t encoder_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_encode), MP_ROM_PTR(&encode_obj) },
    { MP_ROM_QSTR(MP_QSTR_finish), MP_ROM_PTR(&finish_obj) },
    { MP_ROM_QSTR(MP_QSTR_close), MP_ROM_PTR(&codec_close_obj) },
};
static MP_DEFINE_CONST_DICT(encoder_locals, encoder_locals_table);

static MP_DEFINE_CONST_OBJ_TYPE(
    encoder_type, MP_QSTR_Encoder, MP_TYPE_FLAG_NONE,
    make_new, encoder_new, attr, encoder_attribute, locals_dict, &encoder_locals);

static mp_obj_t formats(void) {
    mp_obj_t names[MP_ARRAY_SIZE(decoders)];
    for (size_t i = 0; i < MP_ARRAY_SIZE(decoders); i++) {
        names[i] = mp_obj_new_str(decoders[i]->format, strlen(decoders[i]->format));
    }
    return mp_obj_new_tuple(MP_ARRAY_SIZE(decoders), names);
}
static MP_DEFINE_CONST_FUN_OBJ_0(formats_obj, formats);

static mp_obj_t encodings(void) {
    mp_obj_t names[MP_ARRAY_SIZE(encoders)];
    for (size_t i = 0; i < MP_ARRAY_SIZE(encoders); i++) {
        names[i] = mp_obj_new_str(encoders[i]->format, strlen(encoders[i]->format));
    }
    return mp_obj_new_tuple(MP_ARRAY_SIZE(encoders), names);
}
static MP_DEFINE_CONST_FUN_OBJ_0(encodings_obj, encodings);

static const mp_rom_map_elem_t codecs_globals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___name__), MP_ROM_QSTR(MP_QSTR_codecs) },
    { MP_ROM_QSTR(MP_QSTR_Decoder), MP_ROM_PTR(&decoder_type) },
    { MP_ROM_QSTR(MP_QSTR_Encoder), MP_ROM_PTR(&encoder_type) },
    { MP_ROM_QSTR(MP_QSTR_formats), MP_ROM_PTR(&formats_obj) },
    { MP_ROM_QSTR(MP_QSTR_encodings), MP_ROM_PTR(&encodings_obj) },
    { MP_ROM_QSTR(MP_QSTR_PCM_BYTES), MP_ROM_INT(CODECS_PCM_BYTES) },
    { MP_ROM_QSTR(MP_QSTR_ENCODED_BYTES), MP_ROM_INT(CODECS_ENCODED_BYTES) },
};
static MP_DEFINE_CONST_DICT(codecs_globals, codecs_globals_table);

const mp_obj_module_t codecs_module = {
    .base = { &mp_type_module },
    .globals = (mp_obj_dict_t *)&codecs_globals,
};
MP_REGISTER_MODULE(MP_QSTR_codecs, codecs_module);
