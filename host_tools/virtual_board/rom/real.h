/*
 * The parts of the float and double tables that the compiler's own support routines do not cover, once for each REAL.
 *
 * fix: integers with n bits after the point.  Conversions round towards minus infinity and stop at the limits of the
 * integer, as the datasheet says of them (2.8.3.2.2).
 */
#define PASTE(a, b) a##b
#define NAME(a, b) PASTE(a, b)
#define ROM(name) NAME(rom_, name)

/* x * 2^n, by the exponent alone; what leaves the range is 0 or infinity. */
static REAL ROM(NAME(scale, SUFFIX))(REAL x, i32 n) {
    union {
        REAL real;
        BITS bits;
    } u = { x };
    i32 exponent = (i32)((u.bits >> MANTISSA) & EXPONENT_MASK);
    if (exponent == 0 || exponent == EXPONENT_MASK) {
        return x;
    }
    exponent += n;
    u.bits &= ~((BITS)EXPONENT_MASK << MANTISSA);
    if (exponent <= 0) {
        u.bits &= (BITS)1 << (8 * sizeof(BITS) - 1);
    } else {
        BITS sign_only = (BITS)1 << (8 * sizeof(BITS) - 1);
        u.bits = exponent >= EXPONENT_MASK ? (u.bits & sign_only) | ((BITS)EXPONENT_MASK << MANTISSA)
                                           : u.bits | ((BITS)exponent << MANTISSA);
    }
    return u.real;
}
#define SCALE ROM(NAME(scale, SUFFIX))

#define TO_FIXED(name, integer, minimum, maximum, low, above) \
    integer name(REAL x, i32 n) { \
        x = SCALE(x, n); \
        if (x >= (REAL)above) { \
            return maximum; \
        } \
        if (!(x >= (REAL)low)) { \
            return minimum; \
        } \
        integer whole = (integer)x; \
        return (REAL)whole > x ? whole - 1 : whole; \
    }

TO_FIXED(ROM(NAME(TYPE, 2fix)), i32, INT32_MIN, INT32_MAX, -0x1p31, 0x1p31)
TO_FIXED(ROM(NAME(TYPE, 2ufix)), u32, 0, UINT32_MAX, 0, 0x1p32)
TO_FIXED(ROM(NAME(TYPE, 2fix64)), i64, INT64_MIN, INT64_MAX, -0x1p63, 0x1p63)
TO_FIXED(ROM(NAME(TYPE, 2ufix64)), u64, 0, UINT64_MAX, 0, 0x1p64)

i32 ROM(NAME(TYPE, 2int))(REAL x) {
    return ROM(NAME(TYPE, 2fix))(x, 0);
}
u32 ROM(NAME(TYPE, 2uint))(REAL x) {
    return ROM(NAME(TYPE, 2ufix))(x, 0);
}
i64 ROM(NAME(TYPE, 2int64))(REAL x) {
    return ROM(NAME(TYPE, 2fix64))(x, 0);
}
u64 ROM(NAME(TYPE, 2uint64))(REAL x) {
    return ROM(NAME(TYPE, 2ufix64))(x, 0);
}

REAL ROM(NAME(fix2, TYPE))(i32 x, i32 n) {
    return SCALE(x, -n);
}
REAL ROM(NAME(ufix2, TYPE))(u32 x, i32 n) {
    return SCALE(x, -n);
}
REAL ROM(NAME(fix642, TYPE))(i64 x, i32 n) {
    return SCALE(x, -n);
}
REAL ROM(NAME(ufix642, TYPE))(u64 x, i32 n) {
    return SCALE(x, -n);
}

/* -1, 0 or 1 for x < y, x == y, x > y. */
i32 ROM(NAME(SHORT, cmp))(REAL x, REAL y) {
    return x < y ? -1 : x > y;
}

/* Newton's rounds from a guess that halves the exponent; the last one is not enough to change the last bit. */
REAL ROM(NAME(SHORT, sqrt))(REAL x) {
    if (!(x > 0)) {
        return x == 0 ? x : -(REAL)__builtin_inf();
    }
    union {
        REAL real;
        BITS bits;
    } u = { x };
    if (((u.bits >> MANTISSA) & EXPONENT_MASK) == EXPONENT_MASK) {
        return x;
    }
    u.bits = (u.bits >> 1) + ((BITS)(EXPONENT_MASK >> 2) << MANTISSA) + ((BITS)1 << (MANTISSA - 1));
    for (int round = 0; round < ROUNDS; round++) {
        u.real = (u.real + x / u.real) * (REAL)0.5;
    }
    return u.real;
}
