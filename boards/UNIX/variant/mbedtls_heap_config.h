// mbedTLS in the emulator: as on a board, what it allocates comes out of MicroPython's heap.
#include "mbedtls_user_config.h"

#include <stddef.h>

void *m_tracked_calloc(size_t nmemb, size_t size);
void m_tracked_free(void *ptr);
#define MBEDTLS_PLATFORM_MEMORY
#define MBEDTLS_PLATFORM_CALLOC_MACRO m_tracked_calloc
#define MBEDTLS_PLATFORM_FREE_MACRO m_tracked_free
