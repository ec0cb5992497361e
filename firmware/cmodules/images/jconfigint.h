// Likewise, for the library's own files.
#include <stdint.h>

#define BUILD "mpkiosk"
#define INLINE inline
#define THREAD_LOCAL
#define PACKAGE_NAME "libjpeg-turbo"
#define VERSION "2.1.5"
#if UINTPTR_MAX > 0xffffffff
#define SIZEOF_SIZE_T 8
#else
#define SIZEOF_SIZE_T 4
#endif
#define FALLTHROUGH __attribute__((fallthrough));
