// This board's half of machine.PWM, for extmod/machine_pwm.c: eight slices of two channels, whose counters run at 125 MHz
// divided by 1 to 256; what is read back is what the registers would hold.  The models are told of frequency and share.
#include "py/mphal.h"
#include "wires.h"

#define SLICES (8)
#define SOURCE_HZ (125000000)
#define TOP_MAX (65534)

enum { DUTY_NOT_SET, DUTY_U16, DUTY_NS };
enum { NOT_GIVEN = -1 };

typedef struct {
    uint32_t divider_16ths; // 0: no frequency yet
    uint32_t top;
} slice_t;

struct _machine_pwm_obj_t {
    mp_obj_base_t base;
    uint8_t slice;
    uint8_t channel;
    uint8_t pin;
    bool invert;
    bool on;
    uint8_t duty_type;
    mp_int_t duty;
    uint32_t compare;
};

static slice_t slices[SLICES];

#define CHANNEL(slice, channel) { .base = { &machine_pwm_type }, slice, channel }
#define SLICE(slice) CHANNEL(slice, 0), CHANNEL(slice, 1)
static machine_pwm_obj_t channels[2 * SLICES] = {
    SLICE(0), SLICE(1), SLICE(2), SLICE(3), SLICE(4), SLICE(5), SLICE(6), SLICE(7),
};

static void mp_machine_pwm_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    machine_pwm_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "<PWM slice=%u channel=%u invert=%u>", self->slice, self->channel, self->invert);
}

static slice_t *slice_of(machine_pwm_obj_t *self) {
    return &slices[self->slice];
}

// 125 MHz by so many sixteenths, rounded.
static uint32_t hertz(uint64_t sixteenths) {
    return (16ull * SOURCE_HZ + sixteenths / 2) / sixteenths;
}

static mp_int_t frequency(machine_pwm_obj_t *self) {
    slice_t *slice = slice_of(self);
    return slice->divider_16ths == 0 ? 0 : hertz((uint64_t)slice->divider_16ths * (slice->top + 1));
}

// Tell the models, and compute the register from what was asked for: the frequency may have changed.
static void set_compare(machine_pwm_obj_t *self) {
    slice_t *slice = slice_of(self);
    if (slice->divider_16ths == 0 || self->duty_type == DUTY_NOT_SET) {
        return;
    }
    if (self->duty_type == DUTY_U16) {
        self->compare = ((uint64_t)self->duty * (slice->top + 1) + 65535 / 2) / 65535;
    } else {
        uint64_t counts = ((uint64_t)self->duty * hertz(slice->divider_16ths) + 500000000) / 1000000000;
        self->compare = MIN(counts, slice->top + 1);
    }
    if (self->on) {
        double share = (double)self->compare / (slice->top + 1);
        double told = self->invert ? 1 - share : share;
        wires_tell('m', self->pin, (double)frequency(self), &told, sizeof(told));
    }
}

static void mp_machine_pwm_freq_set(machine_pwm_obj_t *self, mp_int_t freq) {
    if (freq <= 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("freq too small"));
    }
    uint64_t divider = 16;
    uint64_t top = ((uint64_t)SOURCE_HZ + freq / 2) / freq - 1;
    if (top + 1 >= TOP_MAX) { // then the smallest divider that will do
        uint64_t denominator = (uint64_t)TOP_MAX * freq;
        divider = (16ull * SOURCE_HZ + denominator - 1) / denominator;
        top = hertz(divider * freq) - 1;
    }
    if ((uint64_t)SOURCE_HZ + freq / 2 < (uint64_t)freq) {
        mp_raise_ValueError(MP_ERROR_TEXT("freq too large"));
    }
    if (divider >= 256 * 16) {
        mp_raise_ValueError(MP_ERROR_TEXT("freq too small"));
    }
    *slice_of(self) = (slice_t) { divider, top };
    set_compare(self);
    set_compare(self->channel == 0 ? self + 1 : self - 1);
}

static void mp_machine_pwm_duty_set_u16(machine_pwm_obj_t *self, mp_int_t duty) {
    self->duty = MIN(duty, 65535);
    self->duty_type = DUTY_U16;
    set_compare(self);
}

static void mp_machine_pwm_duty_set_ns(machine_pwm_obj_t *self, mp_int_t duty) {
    self->duty = duty;
    self->duty_type = DUTY_NS;
    set_compare(self);
}

static mp_obj_t mp_machine_pwm_freq_get(machine_pwm_obj_t *self) {
    return MP_OBJ_NEW_SMALL_INT(frequency(self));
}

static mp_obj_t mp_machine_pwm_duty_get_u16(machine_pwm_obj_t *self) {
    uint32_t steps = slice_of(self)->top + 1;
    bool running = self->duty_type != DUTY_NOT_SET && slice_of(self)->divider_16ths != 0;
    return MP_OBJ_NEW_SMALL_INT(running ? ((uint64_t)self->compare * 65535 + steps / 2) / steps : 0);
}

static mp_obj_t mp_machine_pwm_duty_get_ns(machine_pwm_obj_t *self) {
    bool running = self->duty_type != DUTY_NOT_SET && slice_of(self)->divider_16ths != 0;
    uint64_t hz = running ? hertz(slice_of(self)->divider_16ths) : 1;
    return MP_OBJ_NEW_SMALL_INT(running ? ((uint64_t)self->compare * 1000000000 + hz / 2) / hz : 0);
}

static void mp_machine_pwm_init_helper(machine_pwm_obj_t *self, size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_freq, ARG_duty_u16, ARG_duty_ns, ARG_invert };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_freq, MP_ARG_INT, { .u_int = NOT_GIVEN } },
        { MP_QSTR_duty_u16, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = NOT_GIVEN } },
        { MP_QSTR_duty_ns, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = NOT_GIVEN } },
        { MP_QSTR_invert, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = NOT_GIVEN } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed), allowed, args);
    self->on = false; // until all is known
    if (args[ARG_invert].u_int != NOT_GIVEN) {
        self->invert = args[ARG_invert].u_int != 0;
    }
    if (args[ARG_freq].u_int != NOT_GIVEN) {
        mp_machine_pwm_freq_set(self, args[ARG_freq].u_int);
    }
    if (args[ARG_duty_u16].u_int != NOT_GIVEN) {
        mp_machine_pwm_duty_set_u16(self, args[ARG_duty_u16].u_int);
    }
    if (args[ARG_duty_ns].u_int != NOT_GIVEN) {
        mp_machine_pwm_duty_set_ns(self, args[ARG_duty_ns].u_int);
    }
    self->on = true;
    set_compare(self);
}

static mp_obj_t mp_machine_pwm_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    mp_arg_check_num(n_args, n_kw, 1, MP_OBJ_FUN_ARGS_MAX, true);
    int pin = pin_number(args[0]);
    machine_pwm_obj_t *self = &channels[pin % (2 * SLICES)];
    self->pin = pin;
    self->invert = false;
    self->duty_type = DUTY_NOT_SET;
    pin_give_away(pin);
    mp_map_t kw_args;
    mp_map_init_fixed_table(&kw_args, n_kw, args + n_args);
    mp_machine_pwm_init_helper(self, n_args - 1, args + 1, &kw_args);
    return MP_OBJ_FROM_PTR(self);
}

static void mp_machine_pwm_deinit(machine_pwm_obj_t *self) {
    double share = 0;
    self->on = false;
    wires_tell('m', self->pin, 0, &share, sizeof(share));
}
