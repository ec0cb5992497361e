/*
 * A boot ROM for the virtual RP2040 (datasheet section 2.8): reset path, memory, bit and flash functions.
 *
 * Raspberry Pi's own ROM is not in rp2040js, so this one takes its place.  Everything here is compiled and executed by
 * the emulated core, and costs the cycles its instructions cost; they are not those of the silicon's hand-written
 * routines.  What a host does better (flash, the machine stopping) is a `bkpt` that emulator/rom.mjs answers.
 */
#include "rom.h"

#define FLASH_BASE 0x10000000u
#define BOOT2_SIZE 256u
#define BOOT2_RAM 0x20041f00u

struct entry {
    u16 code, pointer;
};

/* rom_table_lookup: the pointer of a two-letter code, or null. */
void *rom_table_lookup(const struct entry *table, u32 code) {
    for (; table->code; table++) {
        if (table->code == code) {
            return (void *)(u32)table->pointer;
        }
    }
    return 0;
}

void *rom_memcpy(u8 *to, const u8 *from, u32 count) {
    u8 *start = to;
    if ((((u32)to | (u32)from) & 3) == 0) {
        for (; count >= 4; count -= 4, to += 4, from += 4) {
            *(u32 *)to = *(const u32 *)from;
        }
    }
    while (count--) {
        *to++ = *from++;
    }
    return start;
}

void *rom_memset(u8 *to, u32 value, u32 count) {
    u8 *start = to;
    u32 word = (value & 0xff) * 0x01010101u;
    if (((u32)to & 3) == 0) {
        for (; count >= 4; count -= 4, to += 4) {
            *(u32 *)to = word;
        }
    }
    while (count--) {
        *to++ = value;
    }
    return start;
}

u32 rom_popcount32(u32 x) {
    x -= (x >> 1) & 0x55555555u;
    x = (x & 0x33333333u) + ((x >> 2) & 0x33333333u);
    x = (x + (x >> 4)) & 0x0f0f0f0fu;
    return (x * 0x01010101u) >> 24;
}

u32 rom_clz32(u32 x) {
    u32 count = 0;
    if (!x) {
        return 32;
    }
    for (u32 step = 16; step; step >>= 1) {
        if (!(x >> (32 - step))) {
            count += step;
            x <<= step;
        }
    }
    return count;
}

u32 rom_ctz32(u32 x) {
    return x ? 31 - rom_clz32(x & -x) : 32;
}

u32 rom_reverse32(u32 x) {
    x = ((x >> 1) & 0x55555555u) | ((x & 0x55555555u) << 1);
    x = ((x >> 2) & 0x33333333u) | ((x & 0x33333333u) << 2);
    x = ((x >> 4) & 0x0f0f0f0fu) | ((x & 0x0f0f0f0fu) << 4);
    x = ((x >> 8) & 0x00ff00ffu) | ((x & 0x00ff00ffu) << 8);
    return (x >> 16) | (x << 16);
}

/* connect_internal_flash, flash_exit_xip, flash_flush_cache, flash_enter_cmd_xip: rp2040js's flash is always mapped. */
void rom_nothing(void) {
}

static u32 crc32(const u8 *data, u32 count) {
    u32 crc = 0xffffffffu;
    while (count--) {
        crc ^= (u32)*data++ << 24;
        for (int bit = 0; bit < 8; bit++) {
            crc = (crc << 1) ^ (crc & 0x80000000u ? 0x04c11db7u : 0);
        }
    }
    return crc;
}

/* Datasheet 2.8.1.3.1: the second stage is taken to the top of RAM when its checksum is right. */
void rom_boot(void) {
    u32 *boot2 = (u32 *)BOOT2_RAM;
    rom_memcpy((u8 *)boot2, (const u8 *)FLASH_BASE, BOOT2_SIZE);
    if (crc32((u8 *)boot2, BOOT2_SIZE - 4) != boot2[BOOT2_SIZE / 4 - 1]) {
        rom_reset_usb_boot(0, 0);
    }
    /* It is entered with lr = 0, which tells it to go on to the image's vector table. */
    __asm volatile("movs r0, #0\n mov lr, r0\n bx %0" : : "l"(BOOT2_RAM | 1) : "r0");
    __builtin_unreachable();
}
