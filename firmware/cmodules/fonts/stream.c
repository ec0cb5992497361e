// What FreeType reads and allocates: a file through four blocks of 256 bytes, and the heap of objects within a limit.
#include <string.h>

#include "py/gc.h"
#include "py/runtime.h"
#include "py/stream.h"

#include "fonts.h"

static void read_block(fonts_font_t *font, uint8_t *block, uint32_t number) {
    nlr_buf_t nlr;
    if (nlr_push(&nlr) == 0) {
        int error;
        mp_stream_seek(font->stream, (mp_off_t)number * FONTS_BLOCK_BYTES, MP_SEEK_SET, &error);
        mp_uint_t count = mp_stream_rw(font->stream, block, FONTS_BLOCK_BYTES, &error, MP_STREAM_RW_READ);
        if (error) {
            mp_raise_OSError(error);
        }
        memset(block + count, 0, FONTS_BLOCK_BYTES - count);
        nlr_pop();
    } else {
        font->error = MP_OBJ_FROM_PTR(nlr.ret_val); // FreeType clears up, then it is raised
    }
}

static const uint8_t *find_block(fonts_font_t *font, uint32_t number) {
    size_t at = 0;
    while (at < FONTS_BLOCKS - 1 && font->block_numbers[at] != number) {
        at++;
    }
    uint8_t place = font->block_places[at];
    bool is_there = font->block_numbers[at] == number;
    memmove(font->block_numbers + 1, font->block_numbers, at * sizeof(*font->block_numbers));
    memmove(font->block_places + 1, font->block_places, at);
    font->block_numbers[0] = number;
    font->block_places[0] = place;
    if (!is_there) {
        read_block(font, font->blocks[place], number);
        if (font->error != MP_OBJ_NULL) {
            font->block_numbers[0] = UINT32_MAX;
        }
    }
    return font->blocks[place];
}

bool fonts_read(fonts_font_t *font, uint32_t place, uint8_t *bytes, size_t count) {
    if (place > font->file_bytes || count > font->file_bytes - place || !font->reads_left) {
        return false;
    }
    font->reads_left--;
    while (count && font->error == MP_OBJ_NULL) {
        size_t first = place % FONTS_BLOCK_BYTES;
        size_t part = FONTS_BLOCK_BYTES - first < count ? FONTS_BLOCK_BYTES - first : count;
        memcpy(bytes, find_block(font, place / FONTS_BLOCK_BYTES) + first, part);
        place += part;
        bytes += part;
        count -= part;
    }
    return font->error == MP_OBJ_NULL;
}

static unsigned long read_stream(FT_Stream stream, unsigned long place, unsigned char *bytes, unsigned long count) {
    fonts_font_t *font = stream->descriptor.pointer;
    if (!count) { // go there
        return place > font->file_bytes;
    }
    return fonts_read(font, place, bytes, count) ? count : 0;
}

static void *allocate(FT_Memory memory, long size) {
    fonts_font_t *font = memory->user;
    if (size < 0 || (size_t)size > FONTS_STATE_BYTES || font->memory_bytes + size > FONTS_STATE_BYTES) {
        return NULL;
    }
    fonts_block_t *block = gc_alloc(sizeof(*block) + size, 0);
    if (!block) {
        font->lacks_memory = size <= FONTS_USUAL_BYTES;
        return NULL;
    }
    block->size = size;
    block->next = font->memory;
    block->link = &font->memory;
    if (block->next) {
        block->next->link = &block->next;
    }
    font->memory = block;
    font->memory_bytes += size;
    return block + 1;
}

static void release(FT_Memory memory, void *bytes) {
    fonts_font_t *font = memory->user;
    fonts_block_t *block = (fonts_block_t *)bytes - 1;
    *block->link = block->next;
    if (block->next) {
        block->next->link = block->link;
    }
    font->memory_bytes -= block->size;
    gc_free(block);
}

static void *resize(FT_Memory memory, long before, long size, void *bytes) {
    void *larger = allocate(memory, size);
    if (larger) {
        memcpy(larger, bytes, before < size ? before : size);
        release(memory, bytes);
    }
    return larger;
}

void fonts_set_stream(fonts_font_t *font) {
    font->memory_record = (struct FT_MemoryRec_) { font, allocate, release, resize };
    font->stream_record.size = font->file_bytes;
    font->stream_record.descriptor.pointer = font;
    font->stream_record.read = read_stream;
    for (size_t i = 0; i < FONTS_BLOCKS; i++) {
        font->block_numbers[i] = UINT32_MAX;
        font->block_places[i] = i;
    }
}

void fonts_free_all(fonts_font_t *font) {
    while (font->memory) {
        release(&font->memory_record, font->memory + 1);
    }
    while (font->glyphs) {
        fonts_glyph_t *glyph = font->glyphs;
        font->glyphs = glyph->next;
        gc_free(glyph);
    }
    font->glyphs_bytes = 0;
    font->library = NULL;
    font->face = NULL;
    font->stream = mp_const_none;
}

// FreeType asks for this where it opens a path, which nobody does here.
FT_Error FT_Stream_Open(FT_Stream stream, const char *path) {
    (void)stream;
    (void)path;
    return FT_Err_Cannot_Open_Resource;
}
