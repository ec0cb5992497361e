/* The float table's own functions; the arithmetic is the compiler's. */
#include "rom.h"

#define REAL float
#define TYPE float
#define SHORT f
#define SUFFIX f
#define BITS u32
#define MANTISSA 23
#define EXPONENT_MASK 0xff
#define ROUNDS 4
#include "real.h"
