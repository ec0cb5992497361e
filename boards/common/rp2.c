// What every RP2040 board does before the interpreter starts.
#include "RP2040.h"
#include "hardware/flash.h"
#include "hardware/irq.h"
#include "hardware/pio.h"
#include "py/mpconfig.h"

// Without threads the port leaves PendSV at the highest priority, where soft timers would hold up USB and I2S.
void mpkiosk_startup(void) {
    NVIC_SetPriority(PendSV_IRQn, PICO_LOWEST_IRQ_PRIORITY);
}

// While the flash is busy no interrupt runs.  The two DMA channels of an I2S start each other for ever, and it is the
// interrupt that sets their addresses back: without it, after two milliseconds, what a microphone says goes on into the
// heap.  So the line stands still meanwhile: no sample of a recording is written anywhere but where it belongs.
static void with_pio_halted(void (*change)(uint32_t, const uint8_t *, size_t), uint32_t at, const uint8_t *data, size_t count) {
    uint32_t first = pio0->ctrl & PIO_CTRL_SM_ENABLE_BITS;
    uint32_t second = pio1->ctrl & PIO_CTRL_SM_ENABLE_BITS;
    pio0->ctrl = 0;
    pio1->ctrl = 0;
    change(at, data, count);
    pio0->ctrl = first;
    pio1->ctrl = second;
}

static void erase(uint32_t at, const uint8_t *data, size_t count) {
    (void)data;
    flash_range_erase(at, count);
}

// What the port's rp2_flash.c calls instead of the SDK's (rp2.cmake).
void mpkiosk_flash_erase(uint32_t at, size_t count) {
    with_pio_halted(erase, at, NULL, count);
}

void mpkiosk_flash_program(uint32_t at, const uint8_t *data, size_t count) {
    with_pio_halted(flash_range_program, at, data, count);
}
