// machine.SPI and SoftSPI: each transfer is a question to the host.  The pins say which bus a SoftSPI is, so that a driver
// finds its chip with either; where they are no bus's, it is one with nothing on it.
#include <string.h>

#include "py/mphal.h"
#include "py/runtime.h"
#include "extmod/modmachine.h"
#include "wires.h"

#define BUSES (2)
#define NO_BUS (255)
#define NO_PIN (255)
#define CHUNK (16384)

enum { MSB, LSB };

// GPIO 0 to 7 and 16 to 23 belong to SPI0, the others to SPI1; each line takes every fourth pin.
#define BUS_OF(pin) (((pin) >> 3) & 1)
enum { LINE_MISO, LINE_SCK = 2, LINE_MOSI };

typedef struct {
    mp_obj_base_t base;
    uint8_t bus;
    uint8_t polarity;
    uint8_t phase;
    uint8_t bits;
    uint8_t sck;
    uint8_t mosi;
    uint8_t miso;
    uint32_t baudrate;
} spi_t;

// The pins are the Nano Connect's.
static spi_t buses[BUSES] = {
    { { &machine_spi_type }, 0, 0, 0, 8, 6, 7, 4, 0 },
    { { &machine_spi_type }, 1, 0, 0, 8, 14, 11, 8, 0 },
};

extern const mp_obj_type_t machine_soft_spi_type;

static void check_first_bit(mp_int_t first_bit) {
    if (first_bit == LSB) {
        mp_raise_NotImplementedError(MP_ERROR_TEXT("LSB"));
    }
}

static int line(mp_obj_t argument, int bus, int which, mp_rom_error_text_t complaint) {
    int pin = pin_number(argument);
    if ((pin & 3) != which || BUS_OF(pin) != bus) {
        mp_raise_ValueError(complaint);
    }
    return pin;
}

static void spi_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    spi_t *self = MP_OBJ_TO_PTR(self_in);
    if (self->base.type == &machine_spi_type) {
        mp_printf(print, "SPI(%u, bits=%u, ", self->bus, self->bits);
    } else {
        mp_print_str(print, "SoftSPI(");
    }
    mp_printf(print, "baudrate=%u, polarity=%u, phase=%u, sck=%u, mosi=%u, miso=", (unsigned)self->baudrate,
        self->polarity, self->phase, self->sck, self->mosi);
    mp_printf(print, self->miso == NO_PIN ? "None)" : "%u)", self->miso);
}

static mp_obj_t spi_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *all_args) {
    (void)type;
    enum { ARG_id, ARG_baudrate, ARG_polarity, ARG_phase, ARG_bits, ARG_firstbit, ARG_sck, ARG_mosi, ARG_miso };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_id, MP_ARG_INT, { .u_int = 0 } },
        { MP_QSTR_baudrate, MP_ARG_INT, { .u_int = 1000000 } },
        { MP_QSTR_polarity, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = 0 } },
        { MP_QSTR_phase, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = 0 } },
        { MP_QSTR_bits, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = 8 } },
        { MP_QSTR_firstbit, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = MSB } },
        { MP_QSTR_sck, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_mosi, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_miso, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_INT(-1) } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all_kw_array(n_args, n_kw, all_args, MP_ARRAY_SIZE(allowed), allowed, args);
    mp_int_t bus = args[ARG_id].u_int;
    if (bus < 0 || bus >= BUSES) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("SPI(%d) doesn't exist"), (int)bus);
    }
    spi_t *self = &buses[bus];
    if (args[ARG_sck].u_obj != mp_const_none) {
        self->sck = line(args[ARG_sck].u_obj, bus, LINE_SCK, MP_ERROR_TEXT("bad SCK pin"));
    }
    if (args[ARG_mosi].u_obj != mp_const_none) {
        self->mosi = line(args[ARG_mosi].u_obj, bus, LINE_MOSI, MP_ERROR_TEXT("bad MOSI pin"));
    }
    if (args[ARG_miso].u_obj == mp_const_none) {
        self->miso = NO_PIN;
    } else if (args[ARG_miso].u_obj != MP_OBJ_NEW_SMALL_INT(-1)) {
        self->miso = line(args[ARG_miso].u_obj, bus, LINE_MISO, MP_ERROR_TEXT("bad MISO pin"));
    }
    if (n_args > 1 || n_kw > 0 || self->baudrate == 0) {
        check_first_bit(args[ARG_firstbit].u_int);
        self->baudrate = args[ARG_baudrate].u_int;
        self->polarity = args[ARG_polarity].u_int;
        self->phase = args[ARG_phase].u_int;
        self->bits = args[ARG_bits].u_int;
        pin_give_away(self->sck);
        pin_give_away(self->mosi);
        if (self->miso != NO_PIN) {
            pin_give_away(self->miso);
        }
    }
    return MP_OBJ_FROM_PTR(self);
}

static void spi_init(mp_obj_base_t *self_in, size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_baudrate, ARG_polarity, ARG_phase, ARG_bits, ARG_firstbit };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_baudrate, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_polarity, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_phase, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_bits, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_firstbit, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed), allowed, args);
    spi_t *self = (spi_t *)self_in;
    check_first_bit(args[ARG_firstbit].u_int);
    if (args[ARG_baudrate].u_int != -1) {
        self->baudrate = args[ARG_baudrate].u_int;
    }
    if (args[ARG_polarity].u_int != -1) {
        self->polarity = args[ARG_polarity].u_int;
    }
    if (args[ARG_phase].u_int != -1) {
        self->phase = args[ARG_phase].u_int;
    }
    if (args[ARG_bits].u_int != -1) {
        self->bits = args[ARG_bits].u_int;
    }
}

static void spi_transfer(mp_obj_base_t *self_in, size_t length, const uint8_t *source, uint8_t *target) {
    spi_t *self = (spi_t *)self_in;
    if (!wires_connected() || self->bus == NO_BUS) {
        if (target != NULL) {
            memset(target, 0xff, length); // nobody pulls MISO low
        }
        return;
    }
    for (size_t done = 0; done < length; done += CHUNK) {
        size_t count = MIN(CHUNK, length - done);
        wires_ask('s', self->bus, self->baudrate, source + done, count, target == NULL ? NULL : target + done, count);
    }
}

static const mp_machine_spi_p_t spi_protocol = { .init = spi_init, .transfer = spi_transfer };

MP_DEFINE_CONST_OBJ_TYPE(
    machine_spi_type,
    MP_QSTR_SPI,
    MP_TYPE_FLAG_NONE,
    make_new, spi_make_new,
    print, spi_print,
    protocol, &spi_protocol,
    locals_dict, &mp_machine_spi_locals_dict
    );

static mp_obj_t soft_spi_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *all_args) {
    enum { ARG_baudrate, ARG_polarity, ARG_phase, ARG_bits, ARG_firstbit, ARG_sck, ARG_mosi, ARG_miso };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_baudrate, MP_ARG_INT, { .u_int = 500000 } },
        { MP_QSTR_polarity, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = 0 } },
        { MP_QSTR_phase, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = 0 } },
        { MP_QSTR_bits, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = 8 } },
        { MP_QSTR_firstbit, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = MSB } },
        { MP_QSTR_sck, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_obj = MP_OBJ_NULL } },
        { MP_QSTR_mosi, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_obj = MP_OBJ_NULL } },
        { MP_QSTR_miso, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_obj = MP_OBJ_NULL } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all_kw_array(n_args, n_kw, all_args, MP_ARRAY_SIZE(allowed), allowed, args);
    if (args[ARG_bits].u_int != 8) {
        mp_raise_ValueError(MP_ERROR_TEXT("bits must be 8"));
    }
    check_first_bit(args[ARG_firstbit].u_int);
    if (args[ARG_sck].u_obj == MP_OBJ_NULL || args[ARG_mosi].u_obj == MP_OBJ_NULL || args[ARG_miso].u_obj == MP_OBJ_NULL) {
        mp_raise_ValueError(MP_ERROR_TEXT("must specify all of sck/mosi/miso"));
    }
    spi_t *self = mp_obj_malloc(spi_t, type);
    self->sck = pin_number(args[ARG_sck].u_obj);
    self->mosi = pin_number(args[ARG_mosi].u_obj);
    self->miso = pin_number(args[ARG_miso].u_obj);
    bool are_a_bus = (self->sck & 3) == LINE_SCK && (self->mosi & 3) == LINE_MOSI && (self->miso & 3) == LINE_MISO
        && BUS_OF(self->sck) == BUS_OF(self->mosi) && BUS_OF(self->sck) == BUS_OF(self->miso);
    self->bus = are_a_bus ? BUS_OF(self->sck) : NO_BUS;
    self->baudrate = args[ARG_baudrate].u_int;
    self->polarity = args[ARG_polarity].u_int;
    self->phase = args[ARG_phase].u_int;
    self->bits = 8;
    return MP_OBJ_FROM_PTR(self);
}

MP_DEFINE_CONST_OBJ_TYPE(
    machine_soft_spi_type,
    MP_QSTR_SoftSPI,
    MP_TYPE_FLAG_NONE,
    make_new, soft_spi_make_new,
    print, spi_print,
    protocol, &spi_protocol,
    locals_dict, &mp_machine_spi_locals_dict
    );
