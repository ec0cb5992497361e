// FAAD2's products for a core that multiplies 32 by 32 bits to 32, as a Cortex-M0+ does: four of 16 bits each, added up.
// Rounded down; products of 64 bits would take such a core three times as long.
static INLINE real_t multiply_shift(real_t a, real_t b, unsigned shift) { // 1 to 31
    int32_t a_high = a >> 16, b_high = b >> 16;
    uint32_t a_low = a & 0xffff, b_low = b & 0xffff;
    uint32_t low = a_low * b_low;
    int32_t middle = a_high * b_low, other = a_low * b_high;
    if (shift >= 16) {
        int32_t rest = (middle >> 16) + (other >> 16);
        uint32_t carry = ((middle & 0xffff) + (other & 0xffff) + (low >> 16)) >> 16;
        int32_t high = a_high * b_high + rest + carry;
        uint32_t below = (uint32_t)middle + (uint32_t)other + (low >> 16);
        return (int32_t)((uint32_t)high << (32 - shift) | (below & 0xffff) >> (shift - 16));
    }
    uint32_t product = ((uint32_t)(a_high * b_high) << 16) + (uint32_t)middle + (uint32_t)other;
    return (int32_t)(product << (16 - shift)) + (int32_t)(low >> shift);
}

static INLINE real_t MUL_R(real_t a, real_t b) {
    return multiply_shift(a, b, REAL_BITS);
}

static INLINE real_t MUL_C(real_t a, real_t b) {
    return multiply_shift(a, b, COEF_BITS);
}

static INLINE real_t MUL_F(real_t a, real_t b) {
    return multiply_shift(a, b, FRAC_BITS);
}
