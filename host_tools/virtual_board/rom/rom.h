/* What the files of the boot ROM share. */
#include <stdint.h>

typedef uint8_t u8;
typedef uint16_t u16;
typedef uint32_t u32;
typedef int32_t i32;
typedef uint64_t u64;
typedef int64_t i64;

/* Answered by the emulator; see tables.S. */
void rom_reset_usb_boot(u32 activity_mask, u32 disable_mask);
