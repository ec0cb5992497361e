// What the emulator's `machine` needs of its wires: the way to the models, which the host has (host_tools/models/bench.py).
#ifndef MPKIOSK_UNIX_WIRES_H
#define MPKIOSK_UNIX_WIRES_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "py/obj.h"

#define PIN_COUNT (30)

// Interrupts: the signals by which the wires, Timer and the watchdog speak up.
#define SIGNAL_WIRES SIGUSR1
#define SIGNAL_TIMER SIGRTMIN
#define SIGNAL_WATCHDOG (SIGRTMIN + 1)

// wires.c

// Whether anybody is at the other end.
bool wires_connected(void);
// Tell the host something that needs no answer.
void wires_tell(char kind, int unit, double value, const void *payload, size_t length);
// Ask the host; the process waits, as the core does on a bus.  Returns the answer's value; its bytes go to `answer`.
double wires_ask(char kind, int unit, double value, const void *payload, size_t length, void *answer, size_t capacity);
// No interrupt shall arrive any more: the process is about to become another.
void wires_silence(void);
// Whether a reset has to wait for the end of a frame, and will be done then.
bool wires_put_off_reset(int cause);

// pin.c

// The number of the pin that an argument names; raises if there is none.
int pin_number(mp_obj_t pin);
// A peripheral has taken a pin, whose output latch drives it no more.
void pin_give_away(int number);
// Interrupt: a model drives a pin.
void pin_driven(int number, int level);

// uart_port.h, i2s_port.h: interrupts.

// Bytes have come over a line.
void uart_received(int unit, const uint8_t *data, size_t length);
// The line has played so many bytes.
void i2s_played(int unit, size_t count);
// Samples have come, as the program wants them.
void i2s_heard(int unit, const uint8_t *data, size_t length);

// reset.c

// The board is reset by what `cause` says, now or as soon as the wires allow it.
void board_restart(int cause);

#endif
