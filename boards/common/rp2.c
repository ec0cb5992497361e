// What every RP2040 board does before the interpreter starts.
#include "RP2040.h"
#include "hardware/clocks.h"
#include "hardware/flash.h"
#include "hardware/irq.h"
#include "py/mpconfig.h"

// Without threads the port leaves PendSV at the highest priority, where soft timers would hold up USB and I2S.
// And it leaves SPI and UART at 48 MHz, of which a display gets 24; at the core's 125 MHz it gets the 62.5 that it can take.
void mpkiosk_startup(void) {
    uint32_t hertz = clock_get_hz(clk_sys);
    clock_configure(clk_peri, 0, CLOCKS_CLK_PERI_CTRL_AUXSRC_VALUE_CLK_SYS, hertz, hertz);
    NVIC_SetPriority(PendSV_IRQn, PICO_LOWEST_IRQ_PRIORITY);
}

// boards/common/rp2_i2s.c
void mpkiosk_i2s_while(void (*change)(uint32_t, const uint8_t *, size_t), uint32_t at, const uint8_t *data, size_t count);

static void __no_inline_not_in_flash_func(erase)(uint32_t at, const uint8_t *data, size_t count) {
    (void)data;
    flash_range_erase(at, count);
}

// What the port's rp2_flash.c calls instead of the SDK's, with interrupts held back (rp2.cmake).
void mpkiosk_flash_erase(uint32_t at, size_t count) {
    mpkiosk_i2s_while(erase, at, NULL, count);
}

void mpkiosk_flash_program(uint32_t at, const uint8_t *data, size_t count) {
    mpkiosk_i2s_while(flash_range_program, at, data, count);
}
