// JPEG by libjpeg-turbo (IJG and BSD-3-Clause): baseline and progressive, 8 bits, Huffman.
//
// A progressive one is held whole as coefficients: 2 bytes for each of the file's samples, as it cannot be decoded row by row.
#include <stdio.h>
#include <string.h>

#include "images.h"
#include "jpeglib.h"
#include "jerror.h"
#include "jmemsys.h"

// More scans than any encoder makes are an attack on the time that it takes.
#define MOST_SCANS (100)

typedef struct {
    struct jpeg_decompress_struct library;
    struct jpeg_error_mgr errors;
    struct jpeg_source_mgr source;
    images_stream_t *stream;
    uint8_t *pixels;
    bool at_end; // of the file
    uint8_t input[512];
} jpeg_t;

static void leave(j_common_ptr library) {
    switch (library->err->msg_code) {
        case JERR_OUT_OF_MEMORY:
            images_lack_memory();
        case JERR_BAD_PRECISION:
        case JERR_SOF_UNSUPPORTED:
        case JERR_ARITH_NOTIMPL:
        case JERR_CONVERSION_NOTIMPL:
        case JERR_CCIR601_NOTIMPL:
        case JERR_FRACT_SAMPLE_NOTIMPL:
            images_refuse("a JPEG of a kind that is not decoded");
        default:
            images_refuse(((jpeg_t *)library)->at_end ? "the JPEG is cut off" : "the JPEG is damaged");
    }
}

static void warn(j_common_ptr library, int level) {
    if (level < 0) {
        if (library->err->msg_code == JWRN_HIT_MARKER && ((jpeg_t *)library)->at_end) {
            leave(library); // pixels are missing, not only the end's marker
        }
        library->err->num_warnings++;
    }
}

static void say_nothing(j_common_ptr library) {
    (void)library;
}

static void format_nothing(j_common_ptr library, char *text) {
    (void)library;
    *text = 0;
}

static void begin_input(j_decompress_ptr library) {
    (void)library;
}

static boolean fill_input(j_decompress_ptr library) {
    jpeg_t *self = (jpeg_t *)library;
    if (library->input_scan_number > MOST_SCANS) {
        images_refuse("the JPEG has too many scans");
    }
    size_t length = images_read(self->stream, self->input, sizeof(self->input));
    if (!length) {
        if (self->at_end) {
            ERREXIT(library, JERR_INPUT_EOF);
        }
        self->at_end = true; // some cameras leave out the end's marker
        self->input[0] = 0xff;
        self->input[1] = JPEG_EOI;
        length = 2;
    }
    self->source.next_input_byte = self->input;
    self->source.bytes_in_buffer = length;
    return TRUE;
}

static void skip_input(j_decompress_ptr library, long length) {
    jpeg_t *self = (jpeg_t *)library;
    while (length > (long)self->source.bytes_in_buffer) {
        length -= self->source.bytes_in_buffer;
        fill_input(library);
    }
    if (length > 0) {
        self->source.next_input_byte += length;
        self->source.bytes_in_buffer -= length;
    }
}

static void *open(images_stream_t *stream, images_picture_t *picture) {
    jpeg_t *self = codecs_calloc(1, sizeof(*self));
    j_decompress_ptr library = &self->library;
    self->stream = stream;
    self->errors.error_exit = leave;
    self->errors.emit_message = warn;
    self->errors.output_message = say_nothing;
    self->errors.format_message = format_nothing;
    self->errors.reset_error_mgr = say_nothing;
    library->err = &self->errors;
    jpeg_create_decompress(library);
    self->source.init_source = begin_input;
    self->source.fill_input_buffer = fill_input;
    self->source.skip_input_data = skip_input;
    self->source.resync_to_restart = jpeg_resync_to_restart;
    self->source.term_source = begin_input;
    library->src = &self->source;
    jpeg_read_header(library, TRUE);
    if (library->image_width > IMAGES_MOST_SIDE || library->image_height > IMAGES_MOST_SIDE) {
        images_refuse("the JPEG is damaged"); // or larger than what its head was read as
    }
    picture->width = library->image_width;
    picture->height = library->image_height;
    picture->channels = library->num_components == 1 ? 1 : 3;
    return self;
}

static void start(void *state, images_picture_t *picture, unsigned most_shrink) {
    jpeg_t *self = state;
    j_decompress_ptr library = &self->library;
    while (picture->shrink * 2u <= most_shrink && picture->shrink < 8) {
        picture->shrink *= 2;
    }
    library->scale_num = 1;
    library->scale_denom = picture->shrink;
    library->do_fancy_upsampling = most_shrink < 2; // smoother colours, which only the whole size shows
    library->out_color_space = library->num_components == 1 ? JCS_GRAYSCALE
        : library->num_components == 4 ? JCS_CMYK : JCS_RGB;
    jpeg_start_decompress(library);
    self->pixels = codecs_malloc(library->output_width * library->output_components);
}

static bool row(void *state, images_row_t *row) {
    jpeg_t *self = state;
    j_decompress_ptr library = &self->library;
    if (library->output_scanline >= library->output_height) {
        return false;
    }
    row->number = library->output_scanline;
    row->pixels = self->pixels;
    JSAMPROW rows[] = { self->pixels };
    jpeg_read_scanlines(library, rows, 1);
    if (library->out_color_space == JCS_CMYK) {
        const uint8_t *from = self->pixels;
        uint8_t *to = self->pixels;
        for (uint32_t x = 0; x < library->output_width; x++, from += 4, to += 3) {
            unsigned black = library->saw_Adobe_marker ? from[3] : 255 - from[3];
            for (unsigned i = 0; i < 3; i++) {
                unsigned ink = library->saw_Adobe_marker ? from[i] : 255 - from[i];
                to[i] = ink * black / 255;
            }
        }
    }
    return true;
}

static size_t damaged(void *state) {
    return ((jpeg_t *)state)->errors.num_warnings;
}

// The library's memory manager stands on these.
void *jpeg_get_small(j_common_ptr library, size_t size) {
    (void)library;
    return codecs_malloc(size);
}

void jpeg_free_small(j_common_ptr library, void *memory, size_t size) {
    (void)library;
    (void)size;
    codecs_free(memory);
}

void *jpeg_get_large(j_common_ptr library, size_t size) {
    return jpeg_get_small(library, size);
}

void jpeg_free_large(j_common_ptr library, void *memory, size_t size) {
    jpeg_free_small(library, memory, size);
}

size_t jpeg_mem_available(j_common_ptr library, size_t least, size_t most, size_t already) {
    (void)library;
    (void)least;
    (void)already;
    return most;
}

void jpeg_open_backing_store(j_common_ptr library, backing_store_ptr info, long bytes) {
    (void)info;
    (void)bytes;
    ERREXIT(library, JERR_NO_BACKING_STORE);
}

long jpeg_mem_init(j_common_ptr library) {
    (void)library;
    return 0;
}

void jpeg_mem_term(j_common_ptr library) {
    (void)library;
}

const images_library_t images_jpeg = { "jpeg", open, start, row, damaged };
