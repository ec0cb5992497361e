// This board's half of machine.UART, for extmod/machine_uart.c.
//
// What is written goes to the host at once.  What comes is held back there to the pace of the line, and arrives as an
// interrupt; what finds neither room in rxbuf nor in the 32 bytes of the chip's FIFO is lost.
#include <string.h>

#include "py/mperrno.h"
#include "py/mphal.h"
#include "py/ringbuf.h"
#include "wires.h"

#define UARTS (2)
#define FIFO_BYTES (32)
#define DEFAULT_BAUDRATE (115200)
#define DEFAULT_BUFFER_BYTES (256)
#define MIN_BUFFER_BYTES (32)
#define MAX_BUFFER_BYTES (32766)

enum { UART_IRQ_RXIDLE = 0x40, UART_IRQ_TXIDLE = 0x20, UART_IRQ_BREAK = 0x200 };
enum { UART_INVERT_TX = 1, UART_INVERT_RX = 2 };
enum { UART_FLOW_CTS = 1, UART_FLOW_RTS = 2 };
enum { UART_PARITY_NONE, UART_PARITY_EVEN, UART_PARITY_ODD };
enum { LINE_TX, LINE_RX, LINE_CTS, LINE_RTS };

#define MICROPY_PY_MACHINE_UART_CLASS_CONSTANTS \
    { MP_ROM_QSTR(MP_QSTR_INV_TX), MP_ROM_INT(UART_INVERT_TX) }, \
    { MP_ROM_QSTR(MP_QSTR_INV_RX), MP_ROM_INT(UART_INVERT_RX) }, \
    { MP_ROM_QSTR(MP_QSTR_CTS), MP_ROM_INT(UART_FLOW_CTS) }, \
    { MP_ROM_QSTR(MP_QSTR_RTS), MP_ROM_INT(UART_FLOW_RTS) }, \
    { MP_ROM_QSTR(MP_QSTR_IRQ_RXIDLE), MP_ROM_INT(UART_IRQ_RXIDLE) }, \
    { MP_ROM_QSTR(MP_QSTR_IRQ_TXIDLE), MP_ROM_INT(UART_IRQ_TXIDLE) }, \
    { MP_ROM_QSTR(MP_QSTR_IRQ_BREAK), MP_ROM_INT(UART_IRQ_BREAK) }, \

struct _machine_uart_obj_t {
    mp_obj_base_t base;
    uint8_t unit;
    uint8_t bits;
    uint8_t parity;
    uint8_t stop;
    uint8_t pins[4]; // by LINE_
    uint8_t invert;
    uint8_t flow;
    uint16_t timeout_ms; // for the first byte
    uint16_t timeout_char_ms; // for each further one
    uint32_t baudrate;
    uint16_t rxbuf;
    uint16_t txbuf;
    ringbuf_t received; // rxbuf and FIFO
    uint16_t irq_trigger;
    uint16_t irq_flags;
    mp_irq_obj_t *irq;
};

// The pins are the Nano Connect's.
static machine_uart_obj_t uarts[UARTS] = {
    { .base = { &machine_uart_type }, .unit = 0, .bits = 8, .stop = 1, .pins = { 0, 1, 2, 3 } },
    { .base = { &machine_uart_type }, .unit = 1, .bits = 8, .stop = 1, .pins = { 8, 9, 10, 11 } },
};

static void raise_irq(machine_uart_obj_t *self, uint16_t flags) {
    if (self->irq != NULL && self->irq->handler != mp_const_none && self->irq_trigger & flags) {
        self->irq_flags = flags;
        mp_sched_schedule(self->irq->handler, MP_OBJ_FROM_PTR(self));
    }
}

void uart_received(int unit, const uint8_t *data, size_t length) {
    machine_uart_obj_t *self = &uarts[unit];
    if (self->baudrate == 0) {
        return; // switched off meanwhile
    }
    while (length-- > 0 && ringbuf_put(&self->received, *data++) == 0) {
    }
    raise_irq(self, UART_IRQ_RXIDLE);
}

static void mp_machine_uart_print(const mp_print_t *print, mp_obj_t self_in, mp_print_kind_t kind) {
    (void)kind;
    static const char *const parities[] = { "None", "0", "1" };
    static const char *const inversions[] = { "None", "INV_TX", "INV_RX", "INV_TX|INV_RX" };
    machine_uart_obj_t *self = MP_OBJ_TO_PTR(self_in);
    mp_printf(print, "UART(%u, baudrate=%u, bits=%u, parity=%s, stop=%u, tx=%d, rx=%d, "
        "txbuf=%d, rxbuf=%d, timeout=%u, timeout_char=%u, invert=%s, irq=%d)",
        self->unit, (unsigned)self->baudrate, self->bits, parities[self->parity], self->stop, self->pins[LINE_TX],
        self->pins[LINE_RX], self->txbuf, self->rxbuf, self->timeout_ms, self->timeout_char_ms,
        inversions[self->invert], self->irq_trigger);
}

static void set_pin(machine_uart_obj_t *self, mp_obj_t argument, int which, mp_rom_error_text_t complaint) {
    if (argument == mp_const_none) {
        return;
    }
    int pin = pin_number(argument);
    // UART0 has GPIO 0 to 3, 12 to 19 and 28, 29; each line takes every fourth pin.
    if ((pin & 3) != which || (((pin + 4) >> 3) & 1) != self->unit) {
        mp_raise_ValueError(complaint);
    }
    self->pins[which] = pin;
}

static uint16_t buffer_bytes(mp_int_t wanted, mp_rom_error_text_t complaint) {
    if (wanted > MAX_BUFFER_BYTES) {
        mp_raise_ValueError(complaint);
    }
    return MAX(wanted, MIN_BUFFER_BYTES);
}

static void open_line(machine_uart_obj_t *self) {
    uint32_t capacity = self->rxbuf + FIFO_BYTES;
    if (self->received.buf == NULL) {
        uint8_t *buffer = m_new(uint8_t, capacity + 1);
        MP_STATE_PORT(machine_uart_buffers)[self->unit] = buffer;
        unsigned int lock = MICROPY_BEGIN_ATOMIC_SECTION();
        self->received = (ringbuf_t) { .buf = buffer, .size = capacity + 1 };
        MICROPY_END_ATOMIC_SECTION(lock);
    }
    for (int which = LINE_TX; which <= LINE_RX; which++) {
        pin_give_away(self->pins[which]);
    }
    wires_tell('r', self->unit, self->baudrate, &capacity, sizeof(capacity));
}

static void mp_machine_uart_init_helper(machine_uart_obj_t *self, size_t n_args, const mp_obj_t *pos_args, mp_map_t *kw_args) {
    enum { ARG_baudrate, ARG_bits, ARG_parity, ARG_stop, ARG_tx, ARG_rx, ARG_cts, ARG_rts, ARG_timeout,
           ARG_timeout_char, ARG_invert, ARG_flow, ARG_txbuf, ARG_rxbuf };
    static const mp_arg_t allowed[] = {
        { MP_QSTR_baudrate, MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_bits, MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_parity, MP_ARG_OBJ, { .u_rom_obj = MP_ROM_INT(-1) } },
        { MP_QSTR_stop, MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_tx, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_rx, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_cts, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_rts, MP_ARG_KW_ONLY | MP_ARG_OBJ, { .u_rom_obj = MP_ROM_NONE } },
        { MP_QSTR_timeout, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_timeout_char, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_invert, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_flow, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_txbuf, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
        { MP_QSTR_rxbuf, MP_ARG_KW_ONLY | MP_ARG_INT, { .u_int = -1 } },
    };
    mp_arg_val_t args[MP_ARRAY_SIZE(allowed)];
    mp_arg_parse_all(n_args, pos_args, kw_args, MP_ARRAY_SIZE(allowed), allowed, args);
    if (args[ARG_baudrate].u_int > 0) {
        self->baudrate = args[ARG_baudrate].u_int;
    }
    if (args[ARG_bits].u_int > 0) {
        self->bits = args[ARG_bits].u_int;
    }
    if (args[ARG_parity].u_obj == mp_const_none) {
        self->parity = UART_PARITY_NONE;
    } else if (args[ARG_parity].u_obj != MP_OBJ_NEW_SMALL_INT(-1)) {
        self->parity = mp_obj_get_int(args[ARG_parity].u_obj) & 1 ? UART_PARITY_ODD : UART_PARITY_EVEN;
    }
    if (args[ARG_stop].u_int > 0) {
        self->stop = args[ARG_stop].u_int;
    }
    set_pin(self, args[ARG_tx].u_obj, LINE_TX, MP_ERROR_TEXT("bad TX pin"));
    set_pin(self, args[ARG_rx].u_obj, LINE_RX, MP_ERROR_TEXT("bad RX pin"));
    set_pin(self, args[ARG_cts].u_obj, LINE_CTS, MP_ERROR_TEXT("bad CTS pin"));
    set_pin(self, args[ARG_rts].u_obj, LINE_RTS, MP_ERROR_TEXT("bad RTS pin"));
    if (args[ARG_timeout].u_int >= 0) {
        self->timeout_ms = args[ARG_timeout].u_int;
    }
    if (args[ARG_timeout_char].u_int >= 0) {
        self->timeout_char_ms = args[ARG_timeout_char].u_int;
    }
    if (args[ARG_invert].u_int >= 0) {
        if (args[ARG_invert].u_int & ~(UART_INVERT_TX | UART_INVERT_RX)) {
            mp_raise_ValueError(MP_ERROR_TEXT("bad inversion mask"));
        }
        self->invert = args[ARG_invert].u_int;
    }
    if (args[ARG_flow].u_int >= 0) {
        if (args[ARG_flow].u_int & ~(UART_FLOW_CTS | UART_FLOW_RTS)) {
            mp_raise_ValueError(MP_ERROR_TEXT("bad hardware flow control mask"));
        }
        self->flow = args[ARG_flow].u_int;
    }
    if (args[ARG_rxbuf].u_int > 0) {
        uint16_t rxbuf = buffer_bytes(args[ARG_rxbuf].u_int, MP_ERROR_TEXT("rxbuf too large"));
        if (rxbuf != self->rxbuf) {
            self->received.buf = NULL;
            self->rxbuf = rxbuf;
        }
    }
    if (args[ARG_txbuf].u_int > 0) {
        self->txbuf = buffer_bytes(args[ARG_txbuf].u_int, MP_ERROR_TEXT("txbuf too large"));
    }
    if (n_args > 0 || kw_args->used > 0 || self->baudrate == 0) {
        if (self->baudrate == 0) {
            self->baudrate = DEFAULT_BAUDRATE;
            self->timeout_char_ms = 0;
        }
        uint32_t one_char_ms = 13000 / self->baudrate + 1;
        self->timeout_char_ms = MAX(self->timeout_char_ms, one_char_ms);
        open_line(self);
    }
}

static mp_obj_t mp_machine_uart_make_new(const mp_obj_type_t *type, size_t n_args, size_t n_kw, const mp_obj_t *args) {
    (void)type;
    mp_arg_check_num(n_args, n_kw, 1, MP_OBJ_FUN_ARGS_MAX, true);
    mp_int_t unit = mp_obj_get_int(args[0]);
    if (unit < 0 || unit >= UARTS) {
        mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("UART(%d) doesn't exist"), (int)unit);
    }
    machine_uart_obj_t *self = &uarts[unit];
    self->rxbuf = DEFAULT_BUFFER_BYTES;
    self->txbuf = DEFAULT_BUFFER_BYTES;
    self->received = (ringbuf_t) { .size = 1 };
    mp_map_t kw_args;
    mp_map_init_fixed_table(&kw_args, n_kw, args + n_args);
    mp_machine_uart_init_helper(self, n_args - 1, args + 1, &kw_args);
    if (self->received.buf == NULL) {
        open_line(self); // it was open, and lost what it had
    }
    return MP_OBJ_FROM_PTR(self);
}

static void mp_machine_uart_deinit(machine_uart_obj_t *self) {
    self->baudrate = 0;
    self->received = (ringbuf_t) { .size = 1 };
    MP_STATE_PORT(machine_uart_buffers)[self->unit] = NULL;
    MP_STATE_PORT(machine_uart_irqs)[self->unit] = NULL;
    self->irq = NULL;
    self->irq_trigger = 0;
    wires_tell('r', self->unit, 0, NULL, 0);
}

static mp_int_t mp_machine_uart_any(machine_uart_obj_t *self) {
    return MIN(ringbuf_avail(&self->received), self->rxbuf);
}

static bool mp_machine_uart_txdone(machine_uart_obj_t *self) {
    (void)self;
    return true;
}

static mp_uint_t irq_trigger(mp_obj_t self_in, mp_uint_t trigger) {
    ((machine_uart_obj_t *)MP_OBJ_TO_PTR(self_in))->irq_trigger = trigger;
    return 0;
}

static mp_uint_t irq_info(mp_obj_t self_in, mp_uint_t what) {
    machine_uart_obj_t *self = MP_OBJ_TO_PTR(self_in);
    return what == MP_IRQ_INFO_FLAGS ? self->irq_flags : self->irq_trigger;
}

static const mp_irq_methods_t irq_methods = { .trigger = irq_trigger, .info = irq_info };

static mp_irq_obj_t *mp_machine_uart_irq(machine_uart_obj_t *self, bool any_args, mp_arg_val_t *args) {
    if (self->irq == NULL) {
        self->irq_trigger = 0;
        self->irq = mp_irq_new(&irq_methods, MP_OBJ_FROM_PTR(self));
        MP_STATE_PORT(machine_uart_irqs)[self->unit] = self->irq;
    }
    if (any_args) {
        mp_obj_t handler = args[MP_IRQ_ARG_INIT_handler].u_obj;
        if (handler != mp_const_none && !mp_obj_is_callable(handler)) {
            mp_raise_ValueError(MP_ERROR_TEXT("handler must be None or callable"));
        }
        mp_uint_t trigger = args[MP_IRQ_ARG_INIT_trigger].u_int;
        mp_uint_t unknown = trigger & ~(UART_IRQ_RXIDLE | UART_IRQ_TXIDLE | UART_IRQ_BREAK);
        if (unknown) {
            mp_raise_msg_varg(&mp_type_ValueError, MP_ERROR_TEXT("trigger 0x%04x unsupported"), (unsigned)unknown);
        }
        self->irq->handler = handler;
        self->irq->ishard = args[MP_IRQ_ARG_INIT_hard].u_bool;
        self->irq_trigger = trigger;
    }
    return self->irq;
}

static mp_uint_t mp_machine_uart_read(mp_obj_t self_in, void *target_in, mp_uint_t size, int *errcode) {
    machine_uart_obj_t *self = MP_OBJ_TO_PTR(self_in);
    uint8_t *target = target_in;
    mp_uint_t start = mp_hal_ticks_ms();
    mp_uint_t timeout_ms = self->timeout_ms;
    size_t taken = 0;
    size_t told = 0;
    while (taken < size) {
        int byte = ringbuf_get(&self->received);
        if (byte >= 0) {
            target[taken++] = byte;
            start = mp_hal_ticks_ms();
            timeout_ms = self->timeout_char_ms;
            continue;
        }
        if (taken > told) { // before waiting: there is room for more
            wires_tell('k', self->unit, taken - told, NULL, 0);
            told = taken;
        }
        if (mp_hal_ticks_ms() - start > timeout_ms) {
            break;
        }
        mp_event_wait_ms(1);
    }
    if (taken > told) {
        wires_tell('k', self->unit, taken - told, NULL, 0);
    }
    if (taken == 0 && size > 0) {
        *errcode = MP_EAGAIN;
        return MP_STREAM_ERROR;
    }
    return taken;
}

static mp_uint_t mp_machine_uart_write(mp_obj_t self_in, const void *source, mp_uint_t size, int *errcode) {
    (void)errcode;
    machine_uart_obj_t *self = MP_OBJ_TO_PTR(self_in);
    wires_tell('u', self->unit, self->baudrate, source, size);
    raise_irq(self, UART_IRQ_TXIDLE);
    return size;
}

static mp_uint_t mp_machine_uart_ioctl(mp_obj_t self_in, mp_uint_t request, uintptr_t arg, int *errcode) {
    machine_uart_obj_t *self = MP_OBJ_TO_PTR(self_in);
    if (request == MP_STREAM_POLL) {
        return (ringbuf_avail(&self->received) > 0 ? arg & MP_STREAM_POLL_RD : 0) | (arg & MP_STREAM_POLL_WR);
    }
    if (request == MP_STREAM_FLUSH) {
        return 0;
    }
    *errcode = MP_EINVAL;
    return MP_STREAM_ERROR;
}

MP_REGISTER_ROOT_POINTER(void *machine_uart_buffers[2]);
MP_REGISTER_ROOT_POINTER(void *machine_uart_irqs[2]);
