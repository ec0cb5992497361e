// The guard's timer on the RP2040: one of the port's soft timers, whose handler runs as an interrupt (PendSV).
//
// Flash is no trouble: while it is erased and programmed interrupts are off, and the board's build makes the port's
// flash driver leave a pending exception alone (boards/common/rp2.cmake).
#include "hardware/watchdog.h"
#include "py/mphal.h"
#include "shared/runtime/softtimer.h"

#include "guard.h"

static soft_timer_entry_t timer;

static void on_alarm(soft_timer_entry_t *self) {
    (void)self;
    guard_expired();
}

void guard_port_start(unsigned int ms) {
    guard_port_stop();
    soft_timer_static_init(&timer, SOFT_TIMER_MODE_PERIODIC, ms, on_alarm);
    soft_timer_insert(&timer, ms);
}

void guard_port_stop(void) {
    soft_timer_remove(&timer);
}

void guard_port_reset(void) {
    watchdog_reboot(0, 0, 0);
    for (;;) {
    }
}
