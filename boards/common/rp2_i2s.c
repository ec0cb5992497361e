// machine.I2S of the port, and what keeps its lines going while the flash is being erased or programmed.
//
// The port's two DMA channels of a line start each other for ever, and it is an interrupt that moves samples between their
// 128 bytes each and the ring, and sets their addresses back.  While the flash is busy nothing can be fetched from it, so
// the port's driver of the flash lets no interrupt run, for 45 ms and more.  Here the two of I2S run, with a handler that is in
// RAM; every other waits.  The boot ROM's flash functions may be interrupted: they never have more under way than the
// FIFO of the SSI holds (its flash_put_get).
//
// This file is compiled in the place of the one that it includes (rp2.cmake), whose structures are private.
#include "extmod/machine_i2s.c"

#include "hardware/structs/nvic.h"
#include "hardware/structs/scb.h"
#include "hardware/structs/systick.h"

#define HALF (SIZEOF_HALF_DMA_BUFFER_IN_BYTES)
#define DMA_IRQS ((1u << DMA_IRQ_0) | (1u << DMA_IRQ_1))
#define FIRST_IRQ (16) // of the vector table

// Volatile, or the compiler makes calls of these loops, to functions that are in flash.
typedef volatile uint8_t octet_t;

// empty_dma() and feed_dma(), without a call.
static void __not_in_flash_func(take_half)(ring_buf_t *ring, const octet_t *half) {
    size_t head = ring->head, tail = ring->tail, size = ring->size;
    size_t held = tail >= head ? tail - head : tail + size - head;
    if (size - held - 1 >= HALF) {
        for (size_t i = 0; i < HALF; i++) {
            ((octet_t *)ring->buffer)[tail] = half[i];
            tail = tail + 1 == size ? 0 : tail + 1;
        }
        ring->tail = tail;
    }
}

static void __not_in_flash_func(give_half)(ring_buf_t *ring, octet_t *half, size_t sample, size_t repeats) {
    size_t head = ring->head, tail = ring->tail, size = ring->size;
    size_t held = tail >= head ? tail - head : tail + size - head;
    bool silent = held < HALF;
    for (size_t at = 0; at < HALF; at += sample * repeats) {
        for (size_t i = 0; i < sample; i++) {
            uint8_t value = 0;
            if (!silent) {
                value = ((octet_t *)ring->buffer)[head];
                head = head + 1 == size ? 0 : head + 1;
            }
            half[at + i] = value;
            if (repeats == 2) {
                half[at + sample + i] = value;
            }
        }
    }
    ring->head = head;
}

// dma_irq_handler() for both lines.  What a non-blocking write() or readinto() has left is moved by the next one.
static void __not_in_flash_func(serve)(void) {
    for (size_t unit = 0; unit < MAX_I2S_RP2; unit++) {
        machine_i2s_obj_t *self = MP_STATE_PORT(machine_i2s_obj[unit]);
        if (self == NULL || self->pio == NULL) {
            continue;
        }
        for (size_t i = 0; i < I2S_NUM_DMA_CHANNELS; i++) {
            int channel = self->dma_channel[i];
            if (!(dma_hw->intr & (1u << channel))) {
                continue;
            }
            uint8_t *half = self->dma_buffer + HALF * i;
            dma_hw->intr = 1u << channel;
            if (self->mode == TX) {
                give_half(&self->ring_buffer, half, self->bits == 16 ? 2 : 4, self->format == MONO ? 2 : 1);
                dma_hw->ch[channel].read_addr = (uintptr_t)half;
            } else {
                take_half(&self->ring_buffer, half);
                dma_hw->ch[channel].write_addr = (uintptr_t)half;
            }
        }
    }
}

// The DMA channels of the lines that run, as bits.
static uint32_t channels(void) {
    uint32_t found = 0;
    for (size_t unit = 0; unit < MAX_I2S_RP2; unit++) {
        machine_i2s_obj_t *self = MP_STATE_PORT(machine_i2s_obj[unit]);
        if (self != NULL && self->pio != NULL) {
            found |= 1u << self->dma_channel[0] | 1u << self->dma_channel[1];
        }
    }
    return found;
}

// Calls `change`, which must be in RAM or ROM.  Interrupts are held back before and after, and all but I2S's meanwhile.
void mpkiosk_i2s_while(void (*change)(uint32_t, const uint8_t *, size_t), uint32_t at, const uint8_t *data, size_t count) {
    uint32_t ours = channels();
    if (!ours) {
        change(at, data, count);
        return;
    }
    irq_handler_t *vectors = (irq_handler_t *)scb_hw->vtor;
    irq_handler_t first = vectors[FIRST_IRQ + DMA_IRQ_0], second = vectors[FIRST_IRQ + DMA_IRQ_1];
    uint32_t enabled = nvic_hw->iser;
    uint32_t inte0 = dma_hw->inte0, inte1 = dma_hw->inte1;
    uint32_t systick = systick_hw->csr;
    uint32_t pended = scb_hw->icsr & (M0PLUS_ICSR_PENDSVSET_BITS | M0PLUS_ICSR_PENDSTSET_BITS);
    nvic_hw->icer = enabled & ~DMA_IRQS;
    systick_hw->csr = systick & ~M0PLUS_SYST_CSR_TICKINT_BITS;
    scb_hw->icsr = M0PLUS_ICSR_PENDSVCLR_BITS | M0PLUS_ICSR_PENDSTCLR_BITS;
    dma_hw->inte0 = inte0 & ours;
    dma_hw->inte1 = inte1 & ours;
    vectors[FIRST_IRQ + DMA_IRQ_0] = vectors[FIRST_IRQ + DMA_IRQ_1] = serve;
    __dsb();
    restore_interrupts(0);

    change(at, data, count);

    (void)save_and_disable_interrupts();
    vectors[FIRST_IRQ + DMA_IRQ_0] = first;
    vectors[FIRST_IRQ + DMA_IRQ_1] = second;
    dma_hw->inte0 = inte0;
    dma_hw->inte1 = inte1;
    scb_hw->icsr = pended;
    systick_hw->csr = systick;
    nvic_hw->iser = enabled;
    __dsb();
}
