// machine.Pin: thirty pins as the RP2040 has them, whose other ends the models hold.
//
// A pin shows what it drives itself, else what a model drives, else what its resistor says; after a reset that is the
// pull-down.  Handlers are called by the scheduler, hard ones too.
#include <stdlib.h>
#include <string.h>

#include "py/mphal.h"
#include "py/runtime.h"
#include "extmod/modmachine.h"
#include "extmod/virtpin.h"
#include "shared/runtime/mpirq.h"
#include "wires.h"

enum { MODE_IN, MODE_OUT, MODE_OPEN_DRAIN, MODE_ALT };
enum { PULL_UP = 1, PULL_DOWN = 2 };
enum { EDGE_FALL = 4, EDGE_RISE = 8 };
enum { ALT_SPI = 1, ALT_UART, ALT_I2C, ALT_PWM, ALT_SIO, ALT_PIO0, ALT_PIO1, ALT_GPCK, ALT_USB };

#define NOBODY (-1)

typedef struct {
    mp_obj_base_t base;
    uint8_t number;
} pin_t;

typedef struct {
    uint8_t mode;
    uint8_t pull;
    uint8_t latch; // what it would drive
    volatile uint8_t level;
    int8_t told; // the level of its own that the models know
    volatile int8_t driven; // by a model
    uint8_t alternate;
} state_t;

typedef struct {
    mp_irq_obj_t base;
    uint32_t flags;
    uint32_t trigger;
} pin_irq_t;

#define PIN(n) { { &machine_pin_type }, n }
static const pin_t pins[PIN_COUNT] = {
    PIN(0), PIN(1), PIN(2), PIN(3), PIN(4), PIN(5), PIN(6), PIN(7), PIN(8), PIN(9),
    PIN(10), PIN(11), PIN(12), PIN(13), PIN(14), PIN(15), PIN(16), PIN(17), PIN(18), PIN(19),
    PIN(20), PIN(21), PIN(22), PIN(23), PIN(24), PIN(25), PIN(26), PIN(27), PIN(28), PIN(29),
};

static state_t states[PIN_COUNT] = {
    [0 ... PIN_COUNT - 1] = { .mode = MODE_IN, .pull = PULL_DOWN, .told = NOBODY, .driven = NOBODY },
};

// Interrupt, or with interrupts held back: the level may have changed.
static void settle(int number) {
    state_t *state = &states[number];
    bool drives = state->mode == MODE_OUT || (state->mode == MODE_OPEN_DRAIN && !state->latch);
    int level = drives ? state->latch : state->driven != NOBODY ? state->driven : (state->pull & PULL_UP) != 0;
    if (level == state->level) {
        return;
    }
    state->level = level;
    pin_irq_t *irq = MP_STATE_PORT(machine_pin_irq_objects)[number];
    uint32_t edge = level ? EDGE_RISE : EDGE_FALL;
    if (irq != NULL && irq->base.handler != mp_const_none && irq->trigger & edge) {
        irq->flags = edge;
        mp_sched_schedule(irq->base.handler, MP_OBJ_FROM_PTR(&pins[number]));
    }
}

void pin_driven(int number, int level) {
    if (number < PIN_COUNT) {
        states[number].driven = level;
        settle(number);
    }
}

// The program has changed something about the pin: see to its level, and tell the models what they see of it.
static void update(int number) {
    unsigned int lock = MICROPY_BEGIN_ATOMIC_SECTION();
    settle(number);
    MICROPY_END_ATOMIC_SECTION(lock);
    state_t *state = &states[number];
    bool seen = state->mode == MODE_OUT || state->mode == MODE_OPEN_DRAIN;
    if (seen && state->latch != state->told) {
        state->told = state->latch;
        if (wires_connected()) {
            uint8_t level = state->latch;
            wires_ask('p', number, 0, &level, 1, NULL, 0);
        }
    }
}

void pin_give_away(int number) {
    states[number].mode = MODE_ALT;
    update(number);
}

static void set_latch(int number, int value) {
    states[number].latch = value;
    update(number);
}

static const pin_t *find(mp_obj_t name) {
    if (mp_obj_is_type(name, &machine_pin_type)) {
        return MP_OBJ_TO_PTR(name);
    }
    if (mp_obj_is_str(name)) {
        const char *text = mp_obj_str_get_str(name);
        char *end = NULL;
        long number = strncmp(text, "GPIO", 4) == 0 ? strtol(text + 4, &end, 10) : PIN_COUNT;
        if (number < 0 || number >= PIN_COUNT || end == text + 4 || *end != '\0') {
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("unknown named pin \"%s\""), text);
        }
        return &pins[number];
    }
    if (mp_obj_is_int(name)) {
        mp_int_t number = mp_obj_get_int(name);
        if (0 <= number && number < PIN_COUNT) {
            return &pins[number];
        }
    }
    mp_raise_ValueError(MP_ERROR_TEXT("invalid pin"));
}

int pin_number(mp_obj_t name) {
    return find(name)->number;
}

static void pin_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    pin_t *self = MP_OBJ_TO_PTR(self_in);
    state_t *state = &states[self->number];
    static const uint16_t modes[] = { MP_QSTR_IN, MP_QSTR_OUT, MP_QSTR_OPEN_DRAIN, MP_QSTR_ALT };
    mp_printf(print, "Pin(GPIO%u, mode=%q", self->number, modes[state->mode]);
    if (state->pull & PULL_UP) {
        mp_printf(print, state->pull & PULL_DOWN ? ", pull=%q|%q" : ", pull=%q", MP_QSTR_PULL_UP, MP_QSTR_PULL_DOWN);
    } else if (state->pull & PULL_DOWN) {
        mp_printf(print, ", pull=%q", MP_QSTR_PULL_DOWN);
    }
    mp_print_str(print, ")");
}

static mp_obj_t init(const pin_t *self, size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_mode, ARG_pull, ARG_value, ARG_alt };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_mode, MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_pull, MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_value, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_alt, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = ALT_SIO } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed), allowed, args);
    state_t *state = &states[self->number];
    int value = args[ARG_value].u_obj == mp_const_none ? NOBODY : mp_obj_is_true(args[ARG_value].u_obj);
    if (args[ARG_mode].u_obj != mp_const_none) {
        mp_int_t mode = mp_obj_get_int(args[ARG_mode].u_obj);
        if (mode == MODE_OPEN_DRAIN) {
            state->latch = value == NOBODY ? 1 : value;
        } else if (mode == MODE_OUT) {
            state->latch = value == NOBODY ? state->latch : value;
        } else if (mode != MODE_IN) {
            if (args[ARG_alt].u_int < ALT_SPI || args[ARG_alt].u_int > ALT_USB) {
                mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("invalid pin af: %d"), (int)args[ARG_alt].u_int);
            }
            state->alternate = args[ARG_alt].u_int;
            mode = MODE_ALT;
        }
        state->mode = mode;
    }
    // None means no resistor, whether it was given or not.
    state->pull = args[ARG_pull].u_obj == mp_const_none ? 0 : mp_obj_get_int(args[ARG_pull].u_obj);
    update(self->number);
    return mp_const_none;
}

mp_obj_t mp_pin_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    mp_arg_check_num(n_args, n_kw, 1, MP_OBJ_FUN_ARGS_MAX, true);
    const pin_t *self = find(args[0]);
    if (n_args > 1 || n_kw > 0) {
        mp_map_t kw_args;
        mp_map_init_fixed_table(&kw_args, n_kw, args + n_args);
        init(self, n_args - 1, args + 1, &kw_args);
    }
    return MP_OBJ_FROM_PTR(self);
}

static mp_obj_t pin_init(size_t n_args, const mp_obj_t *args, mp_map_t *kw_args) {
    return init(MP_OBJ_TO_PTR(args[0]), n_args - 1, args + 1, kw_args);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(pin_init_obj, 1, pin_init);

static mp_obj_t pin_call(mp_obj_t self_in, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 0, 1, false);
    pin_t *self = MP_OBJ_TO_PTR(self_in);
    if (n_args == 0) {
        return MP_OBJ_NEW_SMALL_INT(states[self->number].level);
    }
    set_latch(self->number, mp_obj_is_true(args[0]));
    return mp_const_none;
}

static mp_obj_t pin_value(size_t n_args, const mp_obj_t *args) {
    return pin_call(args[0], n_args - 1, 0, args + 1);
}
static MP_DEFINE_CONST_FUN_OBJ_VAR_BETWEEN(pin_value_obj, 1, 2, pin_value);

static mp_obj_t pin_low(mp_obj_t self_in) {
    set_latch(((pin_t *)MP_OBJ_TO_PTR(self_in))->number, 0);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(pin_low_obj, pin_low);

static mp_obj_t pin_high(mp_obj_t self_in) {
    set_latch(((pin_t *)MP_OBJ_TO_PTR(self_in))->number, 1);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(pin_high_obj, pin_high);

static mp_obj_t pin_toggle(mp_obj_t self_in) {
    int number = ((pin_t *)MP_OBJ_TO_PTR(self_in))->number;
    set_latch(number, !states[number].latch);
    return mp_const_none;
}
static MP_DEFINE_CONST_FUN_OBJ_1(pin_toggle_obj, pin_toggle);

static mp_uint_t irq_trigger(mp_obj_t self_in, mp_uint_t trigger) {
    pin_irq_t *irq = MP_STATE_PORT(machine_pin_irq_objects)[((pin_t *)MP_OBJ_TO_PTR(self_in))->number];
    irq->flags = 0;
    irq->trigger = trigger;
    return 0;
}

static mp_uint_t irq_info(mp_obj_t self_in, mp_uint_t what) {
    pin_irq_t *irq = MP_STATE_PORT(machine_pin_irq_objects)[((pin_t *)MP_OBJ_TO_PTR(self_in))->number];
    return what == MP_IRQ_INFO_FLAGS ? irq->flags : irq->trigger;
}

static const mp_irq_methods_t irq_methods = { .trigger = irq_trigger, .info = irq_info };

static mp_obj_t pin_irq(size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_handler, ARG_trigger, ARG_hard };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_handler, MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_trigger, MP_ARG_INT, { .u_int = EDGE_FALL | EDGE_RISE } },
        { MP_QSTR_hard, MP_ARG_BOOL, { .u_bool = false } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args - 1, pos_args + 1, kw_args, MP_ARRAY_SIZE(allowed), allowed, args);
    const pin_t *self = MP_OBJ_TO_PTR(pos_args[0]);
    pin_irq_t *irq = MP_STATE_PORT(machine_pin_irq_objects)[self->number];
    if (irq == NULL) {
        irq = m_new0(pin_irq_t, 1);
        mp_irq_init(&irq->base, &irq_methods, MP_OBJ_FROM_PTR(self));
        MP_STATE_PORT(machine_pin_irq_objects)[self->number] = irq;
    }
    if (n_args > 1 || kw_args->used != 0) {
        unsigned int lock = MICROPY_BEGIN_ATOMIC_SECTION();
        irq->base.handler = args[ARG_handler].u_obj;
        irq->base.ishard = args[ARG_hard].u_bool;
        irq->flags = 0;
        irq->trigger = args[ARG_trigger].u_int;
        MICROPY_END_ATOMIC_SECTION(lock);
    }
    return MP_OBJ_FROM_PTR(irq);
}
static MP_DEFINE_CONST_FUN_OBJ_KW(pin_irq_obj, 1, pin_irq);

static const mp_rom_map_elem_t pin_locals_table[] = {
    { MP_ROM_QSTR(MP_QSTR_init), MP_ROM_PTR(&pin_init_obj) },
    { MP_ROM_QSTR(MP_QSTR_value), MP_ROM_PTR(&pin_value_obj) },
    { MP_ROM_QSTR(MP_QSTR_low), MP_ROM_PTR(&pin_low_obj) },
    { MP_ROM_QSTR(MP_QSTR_high), MP_ROM_PTR(&pin_high_obj) },
    { MP_ROM_QSTR(MP_QSTR_off), MP_ROM_PTR(&pin_low_obj) },
    { MP_ROM_QSTR(MP_QSTR_on), MP_ROM_PTR(&pin_high_obj) },
    { MP_ROM_QSTR(MP_QSTR_toggle), MP_ROM_PTR(&pin_toggle_obj) },
    { MP_ROM_QSTR(MP_QSTR_irq), MP_ROM_PTR(&pin_irq_obj) },
    { MP_ROM_QSTR(MP_QSTR_IN), MP_ROM_INT(MODE_IN) },
    { MP_ROM_QSTR(MP_QSTR_OUT), MP_ROM_INT(MODE_OUT) },
    { MP_ROM_QSTR(MP_QSTR_OPEN_DRAIN), MP_ROM_INT(MODE_OPEN_DRAIN) },
    { MP_ROM_QSTR(MP_QSTR_ALT), MP_ROM_INT(MODE_ALT) },
    { MP_ROM_QSTR(MP_QSTR_PULL_UP), MP_ROM_INT(PULL_UP) },
    { MP_ROM_QSTR(MP_QSTR_PULL_DOWN), MP_ROM_INT(PULL_DOWN) },
    { MP_ROM_QSTR(MP_QSTR_IRQ_RISING), MP_ROM_INT(EDGE_RISE) },
    { MP_ROM_QSTR(MP_QSTR_IRQ_FALLING), MP_ROM_INT(EDGE_FALL) },
    { MP_ROM_QSTR(MP_QSTR_ALT_SPI), MP_ROM_INT(ALT_SPI) },
    { MP_ROM_QSTR(MP_QSTR_ALT_UART), MP_ROM_INT(ALT_UART) },
    { MP_ROM_QSTR(MP_QSTR_ALT_I2C), MP_ROM_INT(ALT_I2C) },
    { MP_ROM_QSTR(MP_QSTR_ALT_PWM), MP_ROM_INT(ALT_PWM) },
    { MP_ROM_QSTR(MP_QSTR_ALT_SIO), MP_ROM_INT(ALT_SIO) },
    { MP_ROM_QSTR(MP_QSTR_ALT_PIO0), MP_ROM_INT(ALT_PIO0) },
    { MP_ROM_QSTR(MP_QSTR_ALT_PIO1), MP_ROM_INT(ALT_PIO1) },
    { MP_ROM_QSTR(MP_QSTR_ALT_GPCK), MP_ROM_INT(ALT_GPCK) },
    { MP_ROM_QSTR(MP_QSTR_ALT_USB), MP_ROM_INT(ALT_USB) },
};
static MP_DEFINE_CONST_DICT(pin_locals, pin_locals_table);

static mp_uint_t pin_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode) {
    (void)errcode;
    pin_t *self = MP_OBJ_TO_PTR(self_in);
    if (request == MP_PIN_READ) {
        return states[self->number].level;
    }
    if (request == MP_PIN_WRITE) {
        set_latch(self->number, arg != 0);
        return 0;
    }
    return -1;
}

static const mp_pin_p_t pin_protocol = { .ioctl = pin_ioctl };

MP_DEFINE_CONST_OBJ_TYPE(
    machine_pin_type,
    MP_QSTR_Pin,
    MP_TYPE_FLAG_NONE,
    make_new, mp_pin_make_new,
    print, pin_print,
    call, pin_call,
    protocol, &pin_protocol,
    locals_dict, &pin_locals
    );

MP_REGISTER_ROOT_POINTER(void *machine_pin_irq_objects[30]);
