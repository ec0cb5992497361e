// The emulator: a board's features and a board's limits, on the port's POSIX plumbing.

#define MICROPY_CONFIG_ROM_LEVEL    (MICROPY_CONFIG_ROM_LEVEL_EXTRA_FEATURES)

// Single precision: what a mini-program computes here is what it computes on a board.
#define MICROPY_FLOAT_IMPL          (MICROPY_FLOAT_IMPL_FLOAT)

// The frozen modules only; nothing that happens to be installed on the host.
#define MICROPY_PY_SYS_PATH_DEFAULT ".frozen"

#include "variants/mpconfigvariant_common.h"

// Ctrl-C is raised by the VM between two bytecodes, never by a long jump out of the signal handler.
#undef MICROPY_ASYNC_KBD_INTR
#define MICROPY_ASYNC_KBD_INTR      (0)

// A board has no shell behind it.
#undef MICROPY_PY_OS_GETENV_PUTENV_UNSETENV
#define MICROPY_PY_OS_GETENV_PUTENV_UNSETENV (0)
#undef MICROPY_PY_OS_SYSTEM
#define MICROPY_PY_OS_SYSTEM        (0)
#undef MICROPY_PY_OS_ERRNO
#define MICROPY_PY_OS_ERRNO         (0)

// mbedTLS allocates from the heap of Python objects (mbedtls_heap_config.h).
#define MICROPY_TRACKED_ALLOC       (1)

// Critical sections hold the signals back that are this board's interrupts (../machine/wires.c).
unsigned int wires_lock(void);
void wires_unlock(unsigned int was_locked);
#define MICROPY_BEGIN_ATOMIC_SECTION() wires_lock()
#define MICROPY_END_ATOMIC_SECTION(state) wires_unlock(state)
#define MICROPY_SCHEDULER_DEPTH     (8)

// `machine` as the RP2040 has it, its other end on the host.
#define MICROPY_PY_MACHINE_DISABLE_IRQ_ENABLE_IRQ (1)
#define MICROPY_PY_MACHINE_PIN_MAKE_NEW mp_pin_make_new
#define MP_HAL_PIN_FMT              "%u"
#define mp_hal_pin_name(pin)        (pin)
#define MICROPY_PY_MACHINE_I2C      (1)
#define MICROPY_PY_MACHINE_SPI      (1)
#define MICROPY_PY_MACHINE_SPI_MSB  (0)
#define MICROPY_PY_MACHINE_SPI_LSB  (1)
#define MICROPY_PY_MACHINE_UART     (1)
#define MICROPY_PY_MACHINE_UART_IRQ (1)
#define MICROPY_PY_MACHINE_UART_INCLUDEFILE "uart_port.h"
#define MICROPY_PY_MACHINE_I2S      (1)
#define MICROPY_PY_MACHINE_I2S_CONSTANT_RX (I2S_RX)
#define MICROPY_PY_MACHINE_I2S_CONSTANT_TX (I2S_TX)
#define MICROPY_PY_MACHINE_I2S_INCLUDEFILE "i2s_port.h"
#define MICROPY_PY_MACHINE_ADC      (1)
#define MICROPY_PY_MACHINE_ADC_READ_UV (1)
#define MICROPY_PY_MACHINE_ADC_INCLUDEFILE "adc_port.h"
#define MICROPY_PY_MACHINE_PWM      (1)
#define MICROPY_PY_MACHINE_PWM_INCLUDEFILE "pwm_port.h"
#define MICROPY_PY_MACHINE_WDT      (1)
#define MICROPY_PY_MACHINE_WDT_INCLUDEFILE "wdt_port.h"
#define MICROPY_PY_MACHINE_EXTRA_GLOBALS \
    { MP_ROM_QSTR(MP_QSTR_unique_id), MP_ROM_PTR(&machine_unique_id_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_reset), MP_ROM_PTR(&machine_reset_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_reset_cause), MP_ROM_PTR(&machine_reset_cause_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_freq), MP_ROM_PTR(&machine_freq_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_lightsleep), MP_ROM_PTR(&machine_lightsleep_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_deepsleep), MP_ROM_PTR(&machine_deepsleep_obj) }, \
    { MP_ROM_QSTR(MP_QSTR_Pin), MP_ROM_PTR(&machine_pin_type) }, \
    { MP_ROM_QSTR(MP_QSTR_RTC), MP_ROM_PTR(&machine_rtc_type) }, \
    { MP_ROM_QSTR(MP_QSTR_SoftI2C), MP_ROM_PTR(&machine_soft_i2c_type) }, \
    { MP_ROM_QSTR(MP_QSTR_SoftSPI), MP_ROM_PTR(&machine_soft_spi_type) }, \
    { MP_ROM_QSTR(MP_QSTR_Timer), MP_ROM_PTR(&machine_timer_type) }, \
    { MP_ROM_QSTR(MP_QSTR_PWRON_RESET), MP_ROM_INT(1) }, \
    { MP_ROM_QSTR(MP_QSTR_WDT_RESET), MP_ROM_INT(3) }, \

