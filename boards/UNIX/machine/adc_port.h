// This board's half of machine.ADC, for extmod/machine_adc.c: 12 bits of 3.3 V on GPIO 26 to 29, as channels 0 to 3.
#include "wires.h"

#define FIRST_PIN (26)
#define CHANNELS (5)
#define TEMPERATURE (4)
#define SUPPLY_VOLTS (3.3)
#define SENSOR_VOLTS (0.706) // at 27 degrees, RP2040 data sheet 4.9.5

#define MICROPY_PY_MACHINE_ADC_CLASS_CONSTANTS \
    { MP_ROM_QSTR(MP_QSTR_CORE_TEMP), MP_ROM_INT(TEMPERATURE) }, \

struct _machine_adc_obj_t {
    mp_obj_base_t base;
    uint8_t channel;
};

static void mp_machine_adc_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    mp_printf(print, "<ADC channel=%u>", ((machine_adc_obj_t *)MP_OBJ_TO_PTR(self_in))->channel);
}

static mp_obj_t mp_machine_adc_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    mp_arg_check_num(n_args, n_kw, 1, 1, false);
    mp_int_t channel = mp_obj_is_int(args[0]) ? mp_obj_get_int(args[0]) : -1;
    if (channel < 0 || channel >= CHANNELS) {
        int pin = pin_number(args[0]);
        if (pin < FIRST_PIN) {
            mp_raise_ValueError(MP_ERROR_TEXT("Pin doesn't have ADC capabilities"));
        }
        pin_give_away(pin);
        channel = pin - FIRST_PIN;
    }
    machine_adc_obj_t *self = mp_obj_malloc(machine_adc_obj_t, type);
    self->channel = channel;
    return MP_OBJ_FROM_PTR(self);
}

// What the converter gives: 0 to 4095.
static int convert(machine_adc_obj_t *self) {
    double volts = SENSOR_VOLTS;
    if (self->channel != TEMPERATURE) {
        volts = wires_connected() ? wires_ask('v', FIRST_PIN + self->channel, 0, NULL, 0, NULL, 0) : 0;
    }
    double steps = volts / SUPPLY_VOLTS * 4096;
    return steps < 0 ? 0 : steps > 4095 ? 4095 : (int)steps;
}

static mp_int_t mp_machine_adc_read_u16(machine_adc_obj_t *self) {
    int raw = convert(self);
    return raw << 4 | raw >> 8;
}

static mp_int_t mp_machine_adc_read_uv(machine_adc_obj_t *self) {
    return (mp_int_t)(convert(self) * (SUPPLY_VOLTS * 1e6 / 4096));
}
