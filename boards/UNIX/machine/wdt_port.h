// This board's half of machine.WDT, for extmod/machine_wdt.c: a timer whose signal nothing holds back, and which starts the
// emulator anew.
#include <signal.h>
#include <string.h>
#include <time.h>

#include "py/mperrno.h"
#include "wires.h"

#define LONGEST_MS (8388)
#define RESET_BY_WATCHDOG (3)

struct _machine_wdt_obj_t {
    mp_obj_base_t base;
};

static const machine_wdt_obj_t watchdog = { { &machine_wdt_type } };
static timer_t timer;
static bool created;
static struct itimerspec period;

static void on_bite(int signum) {
    (void)signum;
    board_restart(RESET_BY_WATCHDOG);
}

static machine_wdt_obj_t *mp_machine_wdt_make_new_instance(mp_int_t id, mp_int_t timeout_ms) {
    if (id != 0) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("WDT(%d) doesn't exist"), (int)id);
    }
    if (timeout_ms < 0 || timeout_ms > LONGEST_MS) {
        mp_raise_ValueError(MP_ERROR_TEXT("timeout exceeds 8388"));
    }
    if (!created) {
        struct sigaction action;
        memset(&action, 0, sizeof(action));
        action.sa_handler = on_bite;
        sigaction(SIGNAL_WATCHDOG, &action, NULL);
        struct sigevent event;
        memset(&event, 0, sizeof(event));
        event.sigev_notify = SIGEV_SIGNAL;
        event.sigev_signo = SIGNAL_WATCHDOG;
        if (timer_create(CLOCK_MONOTONIC, &event, &timer) != 0) {
            mp_raise_OSError(MP_ENOMEM);
        }
        created = true;
    }
    timeout_ms = MAX(timeout_ms, 1);
    period.it_value = (struct timespec) { timeout_ms / 1000, timeout_ms % 1000 * 1000000 };
    timer_settime(timer, 0, &period, NULL);
    return (machine_wdt_obj_t *)&watchdog;
}

static void mp_machine_wdt_feed(machine_wdt_obj_t *self) {
    (void)self;
    timer_settime(timer, 0, &period, NULL);
}
