// The UARTs: what rp2040js leaves out of the PL011 (data sheet, 4.2): FIFOs that take time to fill and empty, their
// levels, overrun, the receive timeout and CTS; and the chips at the other end, whose models are in the host.
import { UART, reaches } from './functions.mjs';

const DR = 0x00;
const RSR = 0x04;
const FR = 0x18;
const LCR_H = 0x2c;
const CR = 0x30;
const IFLS = 0x34;
const IMSC = 0x38;
const RAW = 0x3c;
const MASKED = 0x40;
const ICR = 0x44;
const DMACR = 0x48;

const FR_CTS = 1 << 0;
const FR_BUSY = 1 << 3;
const FR_RXFE = 1 << 4;
const FR_TXFF = 1 << 5;
const FR_RXFF = 1 << 6;
const FR_TXFE = 1 << 7;
const LCR_PARITY = 1 << 1;
const LCR_EVEN = 1 << 2;
const LCR_TWO_STOPS = 1 << 3;
const LCR_FIFOS = 1 << 4;
const CR_RTS_BY_FIFO = 1 << 14;
const CR_CTS = 1 << 15;
const INT_RX = 1 << 4;
const INT_TX = 1 << 5;
const INT_TIMEOUT = 1 << 6;
const INT_OVERRUN = 1 << 10;
const DATA_OVERRUN = 1 << 11;

const RESET_LEVELS = 0b010_010; // IFLS: half full
const RESET_CONTROL = 0x300; // CR: both directions, but not the UART itself
const FIFO_SIZE = 32;
const TRIGGERS = [4, 8, 16, 24, 28]; // of 32, by the fields of IFLS
const TIMEOUT_BITS = 32;

export class Uart {
  /** chips: those on this bus ({unit, pins}); hear(unit, baud, byte): a chip has got a byte; edges: of the trace. */
  constructor(uart, bus, clock, pins, chips, hear, edges) {
    Object.assign(this, { uart, bus, clock, pins, chips, hear, edges });
    this.incoming = []; // what the chips have yet to send
    this.receiving = null;
    this.sent = clock.createAlarm(() => this.byteSent());
    this.received = clock.createAlarm(() => this.byteReceived());
    this.timeout = clock.createAlarm(() => this.raise(INT_TIMEOUT));
    for (const { pins: { cts } } of chips) {
      this.pins.onDriven(cts, () => this.send());
    }
    this.plugIn();
    this.reset();
  }

  /** As the chip's reset controller leaves it.  The chips on the line go on. */
  reset() {
    this.tx = [];
    this.rx = [];
    this.sending = null; // the byte in the shift register
    this.raw = 0; // interrupts
    this.overrun = false; // flags the next byte that is received
    this.levels = RESET_LEVELS;
    this.dma = 0;
    this.sent.cancel();
    this.timeout.cancel();
    const { uart } = this;
    Object.assign(uart, { ctrlRegister: RESET_CONTROL, lineCtrlRegister: 0, interruptMask: 0, intDivisor: 0, fracDivisor: 0 });
    this.changed();
  }

  plugIn() {
    const { uart } = this;
    const read = uart.readUint32.bind(uart);
    const write = uart.writeUint32.bind(uart);
    const readers = {
      [DR]: () => this.pull(),
      [RSR]: () => (this.raw & INT_OVERRUN ? 1 << 3 : 0),
      [FR]: () => this.flags(),
      [IFLS]: () => this.levels,
      [RAW]: () => this.raw,
      [MASKED]: () => this.raw & uart.interruptMask,
      [DMACR]: () => this.dma,
    };
    const writers = {
      [DR]: (value) => this.push(value),
      [RSR]: () => {},
      [IFLS]: (value) => (this.levels = value & 0x3f),
      [LCR_H]: (value) => this.format(value),
      [CR]: (value) => {
        uart.ctrlRegister = value;
        this.send();
        this.feed();
      },
      [IMSC]: (value) => (uart.interruptMask = value & 0x7ff),
      [ICR]: () => (this.raw &= ~uart.rawWriteValue),
      [DMACR]: (value) => (this.dma = value & 7),
    };
    uart.readUint32 = (offset) => (readers[offset] ?? read)(offset);
    uart.writeUint32 = (offset, value) => {
      if (writers[offset]) {
        writers[offset](value);
        this.changed();
      } else {
        write(offset, value);
      }
    };
  }

  get size() {
    return this.uart.fifosEnabled ? FIFO_SIZE : 1;
  }

  /** Nanoseconds of one bit. */
  get bitNanos() {
    return (this.uart.baudDivider * 16e9) / this.uart.rp2040.clkPeri;
  }

  /** Bits of a character, from its start bit to its stop bits. */
  get bits() {
    const { lineCtrlRegister: control, wordLength } = this.uart;
    return 1 + wordLength + (control & LCR_PARITY ? 1 : 0) + (control & LCR_TWO_STOPS ? 2 : 1);
  }

  trigger(shift) {
    return this.uart.fifosEnabled ? (TRIGGERS[(this.levels >> shift) & 7] ?? FIFO_SIZE) : shift ? 1 : 0;
  }

  /** A character's levels after its start bit, lowest bit first, for the trace. */
  levelsOf(value) {
    const { lineCtrlRegister: control, wordLength } = this.uart;
    const levels = Array.from({ length: wordLength }, (_, bit) => (value >> bit) & 1);
    if (control & LCR_PARITY) {
      const odd = levels.reduce((sum, level) => sum ^ level, 0);
      levels.push(control & LCR_EVEN ? odd : 1 - odd);
    }
    return levels;
  }

  // The registers.

  flags() {
    const { tx, rx, size } = this;
    return (
      (this.clear() ? FR_CTS : 0) |
      (this.sending !== null || tx.length ? FR_BUSY : 0) |
      (rx.length ? 0 : FR_RXFE) |
      (tx.length >= size ? FR_TXFF : 0) |
      (rx.length >= size ? FR_RXFF : 0) |
      (tx.length ? 0 : FR_TXFE)
    );
  }

  format(value) {
    this.uart.lineCtrlRegister = value;
    this.tx.length = Math.min(this.tx.length, this.size);
    this.rx.length = Math.min(this.rx.length, this.size);
  }

  push(value) {
    if (this.tx.length < this.size) {
      this.tx.push(value & 0xff);
      if (this.tx.length > this.trigger(0)) {
        this.raw &= ~INT_TX;
      }
      this.send();
    }
  }

  pull() {
    const value = this.rx.shift() ?? 0;
    if (this.rx.length < this.trigger(3)) {
      this.raw &= ~INT_RX;
    }
    if (!this.rx.length) {
      this.raw &= ~INT_TIMEOUT;
      this.timeout.cancel();
    }
    this.feed();
    this.changed();
    return value;
  }

  raise(interrupts) {
    this.raw |= interrupts;
    this.changed();
  }

  /** Tell the core and the DMA. */
  changed() {
    const { uart } = this;
    const { dma } = uart.rp2040;
    uart.rp2040.setInterrupt(uart.irq, !!(this.raw & uart.interruptMask));
    const request = (on, channel) => (on ? dma.setDREQ(channel) : dma.clearDREQ(channel));
    request(uart.enabled && this.tx.length < this.size, uart.dreq.tx);
    request(this.rx.length > 0, uart.dreq.rx);
  }

  // The lines.

  /** Whether the other end lets us send, which it does with CTS low. */
  clear() {
    return !this.chips.some(({ pins }) => pins.cts !== undefined && this.pins.driven.get(pins.cts));
  }

  send() {
    const { uart } = this;
    const held = uart.ctrlRegister & CR_CTS && !this.clear();
    if (this.sending !== null || !this.tx.length || !uart.enabled || !uart.txEnabled || held) {
      return;
    }
    this.sending = this.tx.shift();
    this.edges?.uart(this.bus, 'tx', this.levelsOf(this.sending), this.clock.nanos, this.bitNanos);
    this.sent.schedule(this.bits * this.bitNanos);
    if (this.tx.length <= this.trigger(0)) {
      this.raise(INT_TX);
    }
  }

  byteSent() {
    const value = this.sending;
    this.sending = null;
    for (const { unit, pins } of this.chips) {
      if (reaches(this.pins.mcu, UART, this.bus, 'tx', pins.rx)) {
        this.hear(unit, Math.round(1e9 / this.bitNanos), value);
      }
    }
    this.send();
    this.changed();
  }

  /** A chip sends bytes, one after the other, at the board's own rate. */
  receive(bytes) {
    this.incoming.push(...bytes);
    this.feed();
  }

  /** The next byte comes over the line; a chip obeys RTS when the image has that on. */
  feed() {
    const { uart } = this;
    const held = uart.ctrlRegister & CR_RTS_BY_FIFO && this.rx.length >= this.trigger(3);
    if (this.receiving !== null || !this.incoming.length || held) {
      return;
    }
    this.receiving = this.incoming.shift();
    const nanos = uart.baudDivider ? this.bitNanos : 1e9 / 115200;
    this.edges?.uart(this.bus, 'rx', this.levelsOf(this.receiving), this.clock.nanos, nanos);
    this.received.schedule(this.bits * nanos);
  }

  byteReceived() {
    const { uart, rx } = this;
    const value = this.receiving;
    this.receiving = null;
    const listens = uart.enabled && uart.rxEnabled;
    if (listens && this.chips.some(({ pins }) => reaches(this.pins.mcu, UART, this.bus, 'rx', pins.tx))) {
      if (rx.length >= this.size) {
        this.overrun = true;
        this.raise(INT_OVERRUN);
      } else {
        rx.push((value & ((1 << uart.wordLength) - 1)) | (this.overrun ? DATA_OVERRUN : 0));
        this.overrun = false;
        this.timeout.schedule(TIMEOUT_BITS * this.bitNanos);
        if (rx.length >= this.trigger(3)) {
          this.raise(INT_RX);
        }
      }
      this.changed();
    }
    this.feed();
  }
}
