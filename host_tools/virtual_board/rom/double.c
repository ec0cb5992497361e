/* The double table's own functions; the arithmetic is the compiler's. */
#include "rom.h"

#define REAL double
#define TYPE double
#define SHORT d
#define SUFFIX d
#define BITS u64
#define MANTISSA 52
#define EXPONENT_MASK 0x7ff
#define ROUNDS 5
#include "real.h"
