// The emulator: a board's features and a board's limits, on the port's POSIX plumbing.

#define MICROPY_CONFIG_ROM_LEVEL    (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

// Single precision: what a mini-program computes here is what it computes on a board.
#define MICROPY_FLOAT_IMPL          (MICROPY_FLOAT_IMPL_FLOAT)

// The frozen modules only; nothing that happens to be installed on the host.
#define MICROPY_PY_SYS_PATH_DEFAULT ".frozen"

#include "variants/mpconfigvariant_common.h"

// Ctrl-C is raised by the VM between two bytecodes, never by a long jump out of the signal handler.
#undef MICROPY_ASYNC_KBD_INTR
#define MICROPY_ASYNC_KBD_INTR      (0)

// A board has no shell behind it.
#undef MICROPY_PY_OS_GETENV_PUTENV_UNSETENV
#define MICROPY_PY_OS_GETENV_PUTENV_UNSETENV (0)
#undef MICROPY_PY_OS_SYSTEM
#define MICROPY_PY_OS_SYSTEM        (0)
#undef MICROPY_PY_OS_ERRNO
#define MICROPY_PY_OS_ERRNO         (0)

// mbedTLS allocates from the heap of Python objects (mbedtls_heap_config.h).
#define MICROPY_TRACKED_ALLOC       (1)
