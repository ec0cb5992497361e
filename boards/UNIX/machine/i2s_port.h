// This board's half of machine.I2S, for extmod/machine_i2s.c.
//
// The host keeps the line's time.  TX: it is given the samples as they are written and says how many it has played, so
// `ibuf` bytes can be under way.  RX: it sends samples as they are heard, as the program wants them, while there is room
// for them; `ibuf` is counted in frames of 8 bytes, which is what the RP2040 port keeps.
//
// Of extmod's two ways the one without a ring buffer of its own is used, because it lets the board wait instead of spin.
#include <stdlib.h>
#include <string.h>

#include "py/mperrno.h"
#include "py/mphal.h"
#include "wires.h"

#define UNITS (2)
#define RX_FRAME_BYTES (8)

enum { I2S_RX, I2S_TX };
typedef enum { I2S_RX_TRANSFER, I2S_TX_TRANSFER } direction_t;
typedef enum { DMA_MEMORY_BUSY, DMA_MEMORY_NOT_FULL, DMA_MEMORY_NOT_EMPTY } dma_buffer_status_t;

// What is left of a non-blocking transfer.
typedef struct _non_blocking_descriptor_t {
    mp_buffer_info_t appbuf;
    mp_obj_t callback;
    direction_t direction;
} non_blocking_descriptor_t;

struct _machine_i2s_obj_t {
    mp_obj_base_t base;
    uint8_t i2s_id;
    uint8_t sck;
    uint8_t ws;
    uint8_t sd;
    uint8_t mode;
    int8_t bits;
    format_t format;
    int32_t rate;
    int32_t ibuf;
    mp_obj_t callback_for_non_blocking;
    io_mode_t io_mode;
    volatile size_t under_way; // TX: bytes that are not played yet
    uint8_t *heard; // RX: a ring of `capacity` bytes
    size_t capacity;
    size_t first;
    volatile size_t count;
    volatile dma_buffer_status_t dma_buffer_status;
    non_blocking_descriptor_t transfer;
};

// extmod speaks to a task of FreeRTOS here; this board's interrupts do its work.
static void begin_transfer(machine_i2s_obj_t *self, const non_blocking_descriptor_t *descriptor);
#define xQueueSend(queue, descriptor, ticks) begin_transfer(self, descriptor)

static size_t frame_bytes(const machine_i2s_obj_t *self) {
    return self->bits / 8 * (self->format == STEREO ? 2 : 1);
}

static void look(machine_i2s_obj_t *self) {
    if (self->mode == I2S_TX) {
        self->dma_buffer_status = self->under_way < (size_t)self->ibuf ? DMA_MEMORY_NOT_FULL : DMA_MEMORY_BUSY;
    } else {
        self->dma_buffer_status = self->count > 0 ? DMA_MEMORY_NOT_EMPTY : DMA_MEMORY_BUSY;
    }
}

// As much as there is room for.  Interrupt, or with interrupts held back; so for the next one.
static size_t send_some(machine_i2s_obj_t *self, const uint8_t *data, size_t length) {
    size_t count = MIN(length, (size_t)self->ibuf - self->under_way);
    if (count > 0) {
        self->under_way += count;
        wires_tell('w', self->i2s_id, 0, data, count);
    }
    look(self);
    return count;
}

static size_t take_some(machine_i2s_obj_t *self, uint8_t *data, size_t length) {
    size_t count = MIN(length, self->count);
    for (size_t i = 0; i < count; i++) {
        data[i] = self->heard[self->first];
        self->first = (self->first + 1) % self->capacity;
    }
    self->count -= count;
    if (count > 0) {
        wires_tell('n', self->i2s_id, count, NULL, 0);
    }
    look(self);
    return count;
}

static void go_on(machine_i2s_obj_t *self) {
    non_blocking_descriptor_t *transfer = &self->transfer;
    if (transfer->appbuf.len == 0) {
        return;
    }
    size_t count = transfer->direction == I2S_TX_TRANSFER
        ? send_some(self, transfer->appbuf.buf, transfer->appbuf.len)
        : take_some(self, transfer->appbuf.buf, transfer->appbuf.len);
    transfer->appbuf.buf = (uint8_t *)transfer->appbuf.buf + count;
    transfer->appbuf.len -= count;
    if (transfer->appbuf.len == 0) {
        mp_sched_schedule(transfer->callback, MP_OBJ_FROM_PTR(self));
    }
}

static void begin_transfer(machine_i2s_obj_t *self, const non_blocking_descriptor_t *descriptor) {
    unsigned int lock = MICROPY_BEGIN_ATOMIC_SECTION();
    self->transfer = *descriptor;
    go_on(self);
    MICROPY_END_ATOMIC_SECTION(lock);
}

void i2s_played(int unit, size_t count) {
    machine_i2s_obj_t *self = MP_STATE_PORT(machine_i2s_objects)[unit];
    if (self != NULL) {
        self->under_way -= MIN(count, self->under_way);
        look(self);
        go_on(self);
    }
}

void i2s_heard(int unit, const uint8_t *data, size_t length) {
    machine_i2s_obj_t *self = MP_STATE_PORT(machine_i2s_objects)[unit];
    if (self != NULL && self->heard != NULL) {
        while (length-- > 0 && self->count < self->capacity) {
            self->heard[(self->first + self->count) % self->capacity] = *data++;
            self->count++;
        }
        look(self);
        go_on(self);
    }
}

static uint32_t move(machine_i2s_obj_t *self, mp_buffer_info_t *buffer,
    size_t (*step)(machine_i2s_obj_t *, uint8_t *, size_t)) {
    size_t done = 0;
    for (;;) {
        unsigned int lock = MICROPY_BEGIN_ATOMIC_SECTION();
        done += step(self, (uint8_t *)buffer->buf + done, buffer->len - done);
        MICROPY_END_ATOMIC_SECTION(lock);
        if (done == buffer->len || self->io_mode != BLOCKING) {
            return done;
        }
        mp_event_wait_ms(1);
    }
}

static size_t send_step(machine_i2s_obj_t *self, uint8_t *data, size_t length) {
    return send_some(self, data, length);
}

static uint32_t copy_appbuf_to_dma(machine_i2s_obj_t *self, mp_buffer_info_t *buffer) {
    return move(self, buffer, send_step);
}

static uint32_t fill_appbuf_from_dma(machine_i2s_obj_t *self, mp_buffer_info_t *buffer) {
    return move(self, buffer, take_some);
}

static void mp_machine_i2s_init_helper(machine_i2s_obj_t *self, mp_arg_val_t *args) {
    int sck = pin_number(args[ARG_sck].u_obj);
    int ws = pin_number(args[ARG_ws].u_obj);
    int sd = pin_number(args[ARG_sd].u_obj);
    if (ws != sck + 1) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid ws (must be sck+1)"));
    }
    mp_int_t mode = args[ARG_mode].u_int;
    if (mode != I2S_RX && mode != I2S_TX) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid mode"));
    }
    mp_int_t bits = args[ARG_bits].u_int;
    if (bits != 16 && bits != 32) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid bits"));
    }
    mp_int_t format = args[ARG_format].u_int;
    if (format != MONO && format != STEREO) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid format"));
    }
    if (args[ARG_ibuf].u_int <= 0) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid ibuf"));
    }
    self->sck = sck;
    self->ws = ws;
    self->sd = sd;
    self->mode = mode;
    self->bits = bits;
    self->format = format;
    self->rate = args[ARG_rate].u_int;
    self->ibuf = args[ARG_ibuf].u_int;
    self->io_mode = BLOCKING;
    self->callback_for_non_blocking = MP_OBJ_NULL;
    self->capacity = MAX(self->ibuf / RX_FRAME_BYTES, 1) * frame_bytes(self);
    uint8_t *ring = mode == I2S_RX ? m_new(uint8_t, self->capacity) : NULL;
    unsigned int lock = MICROPY_BEGIN_ATOMIC_SECTION();
    self->heard = ring;
    self->first = self->count = self->under_way = 0;
    self->transfer.appbuf.len = 0;
    MP_STATE_PORT(machine_i2s_objects)[self->i2s_id] = self;
    look(self);
    MICROPY_END_ATOMIC_SECTION(lock);
    pin_give_away(sck);
    pin_give_away(ws);
    pin_give_away(sd);
    uint32_t settings[] = { mode == I2S_TX, bits, format == STEREO ? 2 : 1, sck, ws, sd, self->capacity };
    wires_tell('o', self->i2s_id, self->rate, settings, sizeof(settings));
}

static void mp_machine_i2s_deinit(machine_i2s_obj_t *self) {
    if (MP_STATE_PORT(machine_i2s_objects)[self->i2s_id] == self) {
        MP_STATE_PORT(machine_i2s_objects)[self->i2s_id] = NULL;
        self->transfer.appbuf.len = 0;
        wires_tell('o', self->i2s_id, 0, NULL, 0);
    }
}

static machine_i2s_obj_t *mp_machine_i2s_make_new_instance(mp_int_t unit) {
    if (unit < 0 || unit >= UNITS) {
        mp_raise_ValueError(MP_ERROR_TEXT("invalid id"));
    }
    machine_i2s_obj_t *self = MP_STATE_PORT(machine_i2s_objects)[unit];
    if (self == NULL) {
        self = mp_obj_malloc(machine_i2s_obj_t, &machine_i2s_type);
        self->i2s_id = unit;
    } else {
        mp_machine_i2s_deinit(self);
    }
    return self;
}

static void mp_machine_i2s_irq_update(machine_i2s_obj_t *self) {
    (void)self;
}

MP_REGISTER_ROOT_POINTER(struct _machine_i2s_obj_t *machine_i2s_objects[2]);
