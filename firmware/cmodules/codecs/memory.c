// malloc() and its like, for the libraries under the module: out of the heap of Python objects.
#include <string.h>

#include "py/gc.h"
#include "py/runtime.h"

#include "codecs.h"

// A library asks for memory without saying for which of its users; there is one thread, and each call names the user.
static codecs_heap_t *user;

void codecs_use(codecs_heap_t *heap) {
    user = heap;
}

void *codecs_malloc(size_t size) {
    codecs_block_t *block = size > SIZE_MAX / 2 ? NULL : gc_alloc(sizeof(*block) + size, 0);
    if (!block) {
        m_malloc_fail(size); // out of the library: FAAD2 and shine do not look at what they get
    }
    block->next = user->first;
    block->size = size;
    user->first = block;
    return block + 1;
}

void *codecs_calloc(size_t count, size_t size) {
    if (size && count > SIZE_MAX / 2 / size) {
        m_malloc_fail(SIZE_MAX / 2);
    }
    return memset(codecs_malloc(count * size), 0, count * size);
}

void *codecs_realloc(void *memory, size_t size) {
    void *larger = codecs_malloc(size);
    if (memory) {
        size_t before = ((codecs_block_t *)memory - 1)->size;
        memcpy(larger, memory, before < size ? before : size);
        codecs_free(memory);
    }
    return larger;
}

void codecs_free(void *memory) {
    for (codecs_block_t **link = &user->first; *link && memory; link = &(*link)->next) {
        codecs_block_t *block = *link;
        if (block + 1 == memory) {
            *link = block->next;
            gc_free(block);
            return;
        }
    }
}

void codecs_free_all(codecs_heap_t *heap) {
    while (heap->first) {
        codecs_block_t *block = heap->first;
        heap->first = block->next;
        gc_free(block);
    }
}

size_t codecs_allocated(const codecs_heap_t *heap) {
    size_t bytes = 0;
    for (const codecs_block_t *block = heap->first; block; block = block->next) {
        bytes += sizeof(*block) + block->size;
    }
    return bytes;
}
