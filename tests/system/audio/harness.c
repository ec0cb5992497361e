// One codec alone, for the sanitizers: `harness FILE` decodes a file, every frame from a block of memory of exactly its
// size, and writes the samples.  The heap of objects is malloc() here.
#include <stdio.h>
#include <string.h>

#include "allocation.h"
#include "codecs.h"
#undef malloc
#undef calloc
#undef realloc
#undef free

// Neither chained nor counted; the sanitizer finds what is left over, too.
void *codecs_malloc(size_t size) {
    return malloc(size);
}

void *codecs_calloc(size_t count, size_t size) {
    return calloc(count, size);
}

void *codecs_realloc(void *memory, size_t size) {
    return realloc(memory, size);
}

void codecs_free(void *memory) {
    free(memory);
}

int main(int argc, char **argv) {
    static uint8_t file[1 << 20];
    FILE *source = fopen(argv[1], "rb");
    size_t size = source && argc == 2 ? fread(file, 1, sizeof(file) - 16, source) : 0;
    const codecs_decoder_t *library = &DECODER;
    void *state = library->open();
    unsigned frames = 0, damaged = 0;
    for (size_t at = 0; at + library->header_bytes <= size;) {
        codecs_frame_t frame;
        if (!library->parse(file + at, &frame) || at + frame.length > size) {
            at++;
            continue;
        }
        uint8_t *data = malloc(frame.length);
        int16_t *samples = malloc(CODECS_PCM_BYTES);
        memcpy(data, file + at, frame.length);
        int count = library->decode(state, data, &frame, samples);
        if (count < 0) {
            damaged++;
            count = frame.samples;
            memset(samples, 0, CODECS_PCM_BYTES);
        }
        fwrite(samples, sizeof(*samples) * frame.channels, count, stdout);
        free(data);
        free(samples);
        at += frame.length;
        frames++;
    }
    fprintf(stderr, "%u %u\n", frames, damaged);
    return 0;
}
