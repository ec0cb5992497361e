// For py/builtinimport.c: a board's length of a module's path, whose buffer lies on the stack once for each module that
// is being imported.  The port's own, 4096 bytes, would let a chain of ten imports use up the stack of 40 KB.
#include "py/mpconfig.h"
#undef MICROPY_ALLOC_PATH_MAX
#define MICROPY_ALLOC_PATH_MAX (128)
