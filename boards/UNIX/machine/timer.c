// machine.Timer: timers of the host's monotonic clock.  Callbacks are called by the scheduler.
#define _GNU_SOURCE
#include <signal.h>
#include <string.h>
#include <time.h>

#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "extmod/modmachine.h"
#include "wires.h"

#define COUNT (16) // as many as the RP2040's pool of alarms holds
#define NONE (-1)

enum { ONE_SHOT, PERIODIC };

typedef struct _machine_timer_obj_t {
    mp_obj_base_t base;
    int8_t slot;
    uint8_t mode;
    uint64_t period_us;
    mp_obj_t callback;
} machine_timer_obj_t;

// Not for the collector: a timer that nobody knows any more is collected, and stops.
static struct {
    machine_timer_obj_t *timer;
    timer_t id;
} slots[COUNT];

static void on_timer(int signum, siginfo_t *info, void *context) {
    (void)signum;
    (void)context;
    machine_timer_obj_t *self = slots[info->si_value.sival_int].timer;
    if (self != NULL) {
        mp_sched_schedule(self->callback, MP_OBJ_FROM_PTR(self));
    }
}

static void stop(machine_timer_obj_t *self) {
    if (self->slot != NONE) {
        unsigned int lock = MICROPY_BEGIN_ATOMIC_SECTION();
        timer_delete(slots[self->slot].id);
        slots[self->slot].timer = NULL;
        self->slot = NONE;
        MICROPY_END_ATOMIC_SECTION(lock);
    }
}

static void start(machine_timer_obj_t *self) {
    int slot = 0;
    while (slot < COUNT && slots[slot].timer != NULL) {
        slot++;
    }
    struct sigaction action;
    memset(&action, 0, sizeof(action));
    action.sa_sigaction = on_timer;
    action.sa_flags = SA_SIGINFO; // no SA_RESTART: who sleeps shall look at what is scheduled
    sigaddset(&action.sa_mask, SIGNAL_WIRES);
    sigaction(SIGNAL_TIMER, &action, NULL);
    struct sigevent event;
    memset(&event, 0, sizeof(event));
    event.sigev_notify = SIGEV_SIGNAL;
    event.sigev_signo = SIGNAL_TIMER;
    event.sigev_value.sival_int = slot;
    if (slot == COUNT || timer_create(CLOCK_MONOTONIC, &event, &slots[slot].id) != 0) {
        mp_raise_OSError(MP_ENOMEM);
    }
    slots[slot].timer = self;
    self->slot = slot;
    struct itimerspec when;
    memset(&when, 0, sizeof(when));
    when.it_value.tv_sec = self->period_us / 1000000;
    when.it_value.tv_nsec = self->period_us % 1000000 * 1000;
    if (self->mode != ONE_SHOT) {
        when.it_interval = when.it_value;
    }
    timer_settime(slots[slot].id, 0, &when, NULL);
}

static void timer_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    machine_timer_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "Timer(mode=%q, tick_hz=1000000, period=%u)",
        self->mode == ONE_SHOT ? MP_QSTR_ONE_SHOT : MP_QSTR_PERIODIC, (unsigned)self->period_us);
}

static mp_obj_t init(machine_timer_obj_t *self, size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_mode, ARG_callback, ARG_period, ARG_tick_hz, ARG_freq };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_mode, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = PERIODIC } },
        { MP_QSTR_callback, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_period, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = 0xffffffff } },
        { MP_QSTR_tick_hz, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = 1000 } },
        { MP_QSTR_freq, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed), allowed, args);
    self->mode = args[ARG_mode].u_int;
    if (args[ARG_freq].u_obj != mp_const_none) {
        self->period_us = (uint64_t)(MICROPY_FLOAT_CONST(1000000.0) / mp_obj_get_float(args[ARG_freq].u_obj));
    } else {
        if (args[ARG_tick_hz].u_int <= 0) {
            mp_raise_ValueError(MP_ERROR_TEXT("tick_hz must be positive"));
        }
        self->period_us = (uint64_t)(uint32_t)args[ARG_period].u_int * 1000000 / args[ARG_tick_hz].u_int;
    }
    self->period_us = MAX(self->period_us, 1);
    self->callback = args[ARG_callback].u_obj;
    start(self);
    return mp_const_none;
}

static mp_obj_t timer_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    if (n_args > 0) {
        if (mp_obj_get_int(args[0]) != -1) {
            mp_raise_ValueError(MP_ERROR_TEXT("Timer doesn't exist"));
        }
        n_args--;
        args++;
    }
    machine_timer_obj_t *self = mp_obj_malloc_with_finaliser(machine_timer_obj_t, type);
    self->slot = NONE;
    self->mode = PERIODIC;
    self->period_us = 0;
    self->callback = mp_const_none;
    if (n_args > 0 || n_kw > 0) {
        mp_map_t kw_args;
        mp_map_init_fixed_table(&kw_args, n_kw, args + n_args);
        init(self, n_args, args, &kw_args);
    }
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t timer_init(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    machine_timer_obj_t *self = MP_OBJ_TO_PTR(args[0]);
    stop(self);
    return init(self, n_args - 1, args + 1, kw_args);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(timer_init_obj, 1, timer_init);

static mp_obj_t timer_deinit(mp_obj_t self_in) {
    stop(MP_OBJ_TO_PTR(self_in));
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(timer_deinit_obj, timer_deinit);

static const mp_rom_map_elem_t timer_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR___del__), MP_ROM_PTR(&timer_deinit_obj) },
    { MP_ROM_QSTR(MP_QSTR_init), MP_ROM_PTR(&timer_init_obj) },
    { MP_ROM_QSTR(MP_QSTR_deinit), MP_ROM_PTR(&timer_deinit_obj) },
    { MP_ROM_QSTR(MP_QSTR_ONE_SHOT), MP_ROM_INT(ONE_SHOT) },
    { MP_ROM_QSTR(MP_QSTR_PERIODIC), MP_ROM_INT(PERIODIC) },
};
static MP_DEFINE_CONST_DICT(timer_locals, timer_locals_table);

MP_DEFINE_CONST_OBJ_TYPE(
    machine_timer_type,
    MP_QSTR_Timer,
    MP_TYPE_FLAG_NONE,
    make_new, timer_make_new,
    print, timer_print,
    locals_dict, &timer_locals
    );
