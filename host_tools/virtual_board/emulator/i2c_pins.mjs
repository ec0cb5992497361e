// I2C as software makes it, edge by edge: machine.SoftI2C, and machine.I2C's own way to send an address and nothing more,
// which its controller cannot (so scan() comes here too).
import { GPIOPinState } from './rp2040js.mjs';
import { I2C, lineOf } from './functions.mjs';
import { I2cTargets } from './i2c.mjs';

const IDLE = -2; // nobody of ours is addressed: wait for a start condition
const STARTED = -1;
const ACKNOWLEDGE = 8; // the number of the bit behind a byte's eight

class SoftTarget {
  constructor(pins, scl, sda, chips) {
    this.pins = pins;
    this.sdaPin = sda;
    this.targets = new I2cTargets(chips);
    this.scl = true;
    this.sda = true; // as the board has it: released, or low
    this.bit = IDLE;
    this.value = 0;
    this.addressed = false; // whether the address has come
    this.sending = false;
    const { gpio } = pins.mcu;
    gpio[scl].addListener((state) => this.clock(state !== GPIOPinState.Low));
    gpio[sda].addListener((state) => this.data(state !== GPIOPinState.Low));
    pins.drive(scl, true, 0); // a bus has its resistors
    pins.drive(sda, true, 0);
  }

  drive(level) {
    this.pins.drive(this.sdaPin, level, 0);
  }

  data(level) {
    if (level === this.sda) {
      return;
    }
    this.sda = level;
    if (this.scl && level) {
      this.bit = IDLE;
      this.drive(true);
      this.targets.stop();
    } else if (this.scl) {
      this.bit = STARTED;
      this.addressed = false;
      this.sending = false;
    }
  }

  clock(level) {
    if (level === this.scl) {
      return;
    }
    this.scl = level;
    if (this.bit === IDLE) {
      return;
    }
    if (level) {
      this.sample();
    } else {
      this.bit = this.bit === ACKNOWLEDGE ? 0 : this.bit + 1;
      this.show();
    }
  }

  /** The clock rises: the bit is valid. */
  sample() {
    if (this.sending && this.bit === ACKNOWLEDGE && this.sda) {
      this.bit = IDLE; // the board wants no more
    } else if (!this.sending && this.bit < ACKNOWLEDGE) {
      this.value = (this.value << 1) | (this.sda ? 1 : 0);
    }
  }

  /** The clock falls: the next bit begins. */
  show() {
    const { bit, targets } = this;
    if (bit === ACKNOWLEDGE) {
      const acknowledged = !this.sending && this.take();
      this.drive(!acknowledged);
      if (!acknowledged && !this.sending) {
        this.bit = IDLE;
      }
      return;
    }
    if (bit === 0) {
      this.sending = this.addressed && this.reading;
      this.value = this.sending ? targets.read() : 0;
    }
    this.drive(this.sending ? !!((this.value >> (7 - bit)) & 1) : true);
  }

  /** A byte has come: whether it is acknowledged. */
  take() {
    if (this.addressed) {
      return this.targets.write(this.value);
    }
    this.addressed = true;
    this.reading = !!(this.value & 1);
    return this.targets.start(this.value >> 1, this.reading);
  }
}

/** Have the chips of a bus answer on pins: those of their wiring, or those that the image routes to the bus. */
export function answerOnPins(pins, bus, chips) {
  const known = new Set();
  const listen = (scl, sda, those) => {
    if (scl !== undefined && sda !== undefined && !known.has(`${scl} ${sda}`)) {
      known.add(`${scl} ${sda}`);
      new SoftTarget(pins, scl, sda, those);
    }
  };
  for (const { pins: { scl, sda } } of chips) {
    listen(scl, sda, chips.filter((chip) => chip.pins.scl === scl && chip.pins.sda === sda));
  }
  const anywhere = chips.filter((chip) => chip.pins.scl === undefined);
  if (anywhere.length) {
    const lines = {};
    pins.onRoute((pin) => {
      const [itsBus, line] = lineOf(pin) ?? [];
      if (pin.functionSelect === I2C && itsBus === bus) {
        lines[line] = pin.index;
        listen(lines.scl, lines.sda, anywhere);
      }
    });
  }
}
