// What every RP2040 board does before the interpreter starts.
#include "RP2040.h"
#include "hardware/irq.h"
#include "py/mpconfig.h"

// Without threads the port leaves PendSV at the highest priority, where soft timers would hold up USB and I2S.
void mpkiosk_startup(void) {
    NVIC_SetPriority(PendSV_IRQn, PICO_LOWEST_IRQ_PRIORITY);
}
