// Before every file of a library: its memory is that of the object it works for (memory.c).
#include <stdlib.h>

void *codecs_malloc(size_t size);
void *codecs_calloc(size_t count, size_t size);
void *codecs_realloc(void *memory, size_t size);
void codecs_free(void *memory);

#define malloc codecs_malloc
#define calloc codecs_calloc
#define realloc codecs_realloc
#define free codecs_free
