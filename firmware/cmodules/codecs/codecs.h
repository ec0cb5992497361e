// What a library of sound looks like to the module: one decoder_t or encoder_t each, and memory from the heap of objects.
#ifndef MPKIOSK_CODECS_H
#define MPKIOSK_CODECS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

// The most a frame decodes to (MP3: 1152 samples, AAC: 1024, of two channels), and the most it is encoded in.
#define CODECS_PCM_BYTES (1152 * 2 * 2)
#define CODECS_ENCODED_BYTES (2048)

// What a decoder holds of its input: the longest frame and the header after it.  MP3: 1441 bytes; AAC: 6144 bits a channel.
#define CODECS_WINDOW_BYTES (2048)

// The blocks that a library allocated, chained from the object that uses it: so the collector finds them, whatever
// pointers into their middle the library keeps, and takes them with the object.
typedef struct codecs_block {
    struct codecs_block *next;
    size_t size;
} codecs_block_t;

typedef struct {
    codecs_block_t *first;
} codecs_heap_t;

void codecs_use(codecs_heap_t *heap); // for whom the functions below allocate from now on
void *codecs_malloc(size_t size); // raises MemoryError when the heap is full
void *codecs_calloc(size_t count, size_t size);
void *codecs_realloc(void *memory, size_t size);
void codecs_free(void *memory);
void codecs_free_all(codecs_heap_t *heap);
size_t codecs_allocated(const codecs_heap_t *heap); // bytes

typedef struct {
    size_t length; // bytes, with the header
    uint32_t rate_hz;
    uint8_t channels;
    uint16_t samples; // of each channel
    uint32_t kind; // two frames of one stream have the same
} codecs_frame_t;

typedef struct {
    const char *format;
    size_t header_bytes; // those of the next frame are looked at, too
    // Whether the `header_bytes` at `data` begin a frame.
    bool (*parse)(const uint8_t *data, codecs_frame_t *frame);
    void *(*open)(void); // NULL: refused
    void (*reset)(void *state);
    // One whole frame into `output`; the samples of each channel, 0 without sound yet, -1 for damage.
    int (*decode)(void *state, const uint8_t *data, const codecs_frame_t *frame, int16_t *output);
} codecs_decoder_t;

typedef struct {
    const char *format;
    uint16_t flush_frames; // of silence, until the last sample has come out
    // The samples of each channel in a frame, 0 for what the library cannot do.
    int (*check)(uint32_t rate_hz, int channels, uint32_t bit_rate);
    void *(*open)(uint32_t rate_hz, int channels, uint32_t bit_rate);
    // One frame into `output`, CODECS_ENCODED_BYTES long; the bytes written, -1 for an error.
    int (*encode)(void *state, int16_t *samples, size_t bytes, uint8_t *output);
} codecs_encoder_t;

bool codecs_parse_mp3(const uint8_t *data, codecs_frame_t *frame);
bool codecs_parse_adts(const uint8_t *data, codecs_frame_t *frame);

extern const codecs_decoder_t codecs_mp3_decoder;
extern const codecs_decoder_t codecs_aac_decoder;
extern const codecs_encoder_t codecs_mp3_encoder;
extern const codecs_encoder_t codecs_aac_encoder;

#endif
