// machine.I2C and SoftI2C: each part of a transaction (a start, the address, bytes one way, perhaps a stop) is a question to
// the host.  Errors are the RP2040 port's: its I2C calls a missing chip EIO, unless nothing is written (ENODEV); SoftI2C
// says ENODEV.  A chip that does not acknowledge a byte ends a write early, and the count of bytes says so.
#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/runtime.h"
#include "extmod/modmachine.h"
#include "wires.h"

#define BUSES (2)
#define NO_BUS (255)
#define LONGEST (65535)
#define TIMEOUT_US (50000)

// SDA has the even pins and SCL the odd ones, in pairs that belong to I2C0 and I2C1 by turns.
#define BUS_OF(pin) (((pin) >> 1) & 1)

typedef struct {
    mp_obj_base_t base;
    uint8_t bus;
    uint8_t scl;
    uint8_t sda;
    uint32_t freq;
    uint32_t timeout_us;
} i2c_t;

// The pins are the Nano Connect's.
static i2c_t buses[BUSES] = {
    { { &machine_i2c_type }, 0, 13, 12, 0, TIMEOUT_US },
    { { &machine_i2c_type }, 1, 27, 26, 0, TIMEOUT_US },
};

extern const mp_obj_type_t machine_soft_i2c_type;

static void i2c_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    i2c_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->base.type == &machine_i2c_type) {
        mp_printf(print, "I2C(%u, ", self->bus);
    } else {
        mp_print_str(print, "SoftI2C(");
    }
    mp_printf(print, "freq=%u, scl=%u, sda=%u, timeout=%u)", (unsigned)self->freq, self->scl, self->sda,
        (unsigned)self->timeout_us);
}

static mp_obj_t i2c_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *all_args) {
    (void)type;
    enum { ARG_id, ARG_freq, ARG_scl, ARG_sda, ARG_timeout };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_id, MP_ARG_INT, { .u_int = 0 } },
        { MP_QSTR_freq, MP_ARG_INT, { .u_int = 400000 } },
        { MP_QSTR_scl, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_sda, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_timeout, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = TIMEOUT_US } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all_kw_array(n_args, n_kw, all_args, MP_ARRAY_SIZE(allowed), allowed, args);
    mp_int_t bus = args[ARG_id].u_int;
    if (bus < 0 || bus >= BUSES) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("I2C(%d) doesn't exist"), (int)bus);
    }
    i2c_t *self = &buses[bus];
    if (args[ARG_scl].u_obj != mp_const_none) {
        int scl = pin_number(args[ARG_scl].u_obj);
        if ((scl & 1) == 0 || BUS_OF(scl) != bus) {
            mp_raise_ValueError(MP_ERROR_TEXT("bad SCL pin"));
        }
        self->scl = scl;
    }
    if (args[ARG_sda].u_obj != mp_const_none) {
        int sda = pin_number(args[ARG_sda].u_obj);
        if ((sda & 1) == 1 || BUS_OF(sda) != bus) {
            mp_raise_ValueError(MP_ERROR_TEXT("bad SDA pin"));
        }
        self->sda = sda;
    }
    if (n_args > 1 || n_kw > 0 || self->freq == 0) {
        self->freq = args[ARG_freq].u_int;
        self->timeout_us = args[ARG_timeout].u_int;
        pin_give_away(self->scl);
        pin_give_away(self->sda);
    }
    return MP_OBJ_FROM_PTR(self);
}

// The host's answer: bytes acknowledged, or an error's number, negative.
static int transfer(i2c_t *self, uint16_t address, size_t length, uint8_t *data, unsigned int flags) {
    if (!wires_connected() || self->bus == NO_BUS) {
        return -MP_ENODEV; // the resistors hold the lines high: nobody acknowledges
    }
    if (length > LONGEST) {
        mp_raise_ValueError(MP_ERROR_TEXT("longer than 65535 bytes"));
    }
    bool reading = flags & MP_MACHINE_I2C_FLAG_READ;
    // The address, which way, and whether a stop follows, in one number; the count to read stands in the payload.
    double what = (address & 0x7f) | (reading ? 0x80 : 0) | (flags & MP_MACHINE_I2C_FLAG_STOP ? 0x100 : 0);
    uint16_t count = length;
    double result = reading
        ? wires_ask('i', self->bus, what, &count, sizeof(count), data, length)
        : wires_ask('i', self->bus, what, data, length, NULL, 0);
    return (int)result;
}

static int i2c_transfer_single(mp_obj_base_t *self_in, uint16_t address, size_t length, uint8_t *data, unsigned int flags) {
    int result = transfer((i2c_t *)self_in, address, length, data, flags);
    bool nothing_written = length == 0 && !(flags & MP_MACHINE_I2C_FLAG_READ);
    return result == -MP_ENODEV && !nothing_written ? -MP_EIO : result;
}

static const mp_machine_i2c_p_t i2c_protocol = {
    .transfer = mp_machine_i2c_transfer_adaptor,
    .transfer_single = i2c_transfer_single,
};

MP_DEFINE_CONST_OBJ_TYPE(
    machine_i2c_type,
    MP_QSTR_I2C,
    MP_TYPE_FLAG_NONE,
    make_new, i2c_make_new,
    print, i2c_print,
    protocol, &i2c_protocol,
    locals_dict, &mp_machine_i2c_locals_dict
    );

static void soft_i2c_init(mp_obj_base_t *self_in, size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_scl, ARG_sda, ARG_freq, ARG_timeout };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_scl, MP_ARG_REQUIRED | MP_ARG_OBJ, { .u_obj = MP_OBJ_NULL } },
        { MP_QSTR_sda, MP_ARG_REQUIRED | MP_ARG_OBJ, { .u_obj = MP_OBJ_NULL } },
        { MP_QSTR_freq, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = 400000 } },
        { MP_QSTR_timeout, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = TIMEOUT_US } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed), allowed, args);
    i2c_t *self = (i2c_t *)self_in;
    self->scl = pin_number(args[ARG_scl].u_obj);
    self->sda = pin_number(args[ARG_sda].u_obj);
    bool are_a_bus = (self->scl & 1) == 1 && (self->sda & 1) == 0 && BUS_OF(self->scl) == BUS_OF(self->sda);
    self->bus = are_a_bus ? BUS_OF(self->scl) : NO_BUS;
    self->freq = args[ARG_freq].u_int;
    self->timeout_us = args[ARG_timeout].u_int;
}

static mp_obj_t soft_i2c_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    i2c_t *self = mp_obj_malloc(i2c_t, type);
    mp_map_t kw_args;
    mp_map_init_fixed_table(&kw_args, n_kw, args + n_args);
    soft_i2c_init(&self->base, n_args, args, &kw_args);
    return MP_OBJ_FROM_PTR(self);
}

static int soft_i2c_transfer_single(mp_obj_base_t *self_in, uint16_t address, size_t length, uint8_t *data,
    unsigned int flags) {
    int result = transfer((i2c_t *)self_in, address, length, data, flags);
    return flags & MP_MACHINE_I2C_FLAG_READ && result > 0 ? 0 : result;
}

static const mp_machine_i2c_p_t soft_i2c_protocol = {
    .init = soft_i2c_init,
    .transfer = mp_machine_i2c_transfer_adaptor,
    .transfer_single = soft_i2c_transfer_single,
};

MP_DEFINE_CONST_OBJ_TYPE(
    machine_soft_i2c_type,
    MP_QSTR_SoftI2C,
    MP_TYPE_FLAG_NONE,
    make_new, soft_i2c_make_new,
    print, i2c_print,
    protocol, &soft_i2c_protocol,
    locals_dict, &mp_machine_i2c_locals_dict
    );
