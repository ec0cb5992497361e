// The I2C controllers on the clock, and the chips on their buses, whose models are in the host.
import { I2C, reaches } from './functions.mjs';

const IC_FS_SPKLEN = 0xa0;
const TX_EMPTY_CTRL = 1 << 8; // of IC_CON: TX_EMPTY waits for the shift register
const R_TX_EMPTY = 1 << 4;
// Of rp2040js's I2CState; connected is between the address and the stop condition.
const IDLE = 0;
const CONNECTED = 3;
// What the host is asked.
const [STOP, START_WRITING, START_READING, WRITE, READ] = [0, 1, 2, 3, 4];

/** A chip on an I2C bus whose model is in the host. */
export class I2cChip {
  constructor(unit, address, pins, link, nanos) {
    Object.assign(this, { unit, address, pins, link, nanos });
    this.answer = 0; // the host's
  }

  ask(operation, value = 0) {
    this.link.ask('y', this.unit, this.nanos(), Buffer.from([operation, value]));
    return this.answer;
  }

  start(reading) {
    return !!this.ask(reading ? START_READING : START_WRITING);
  }

  write(value) {
    return !!this.ask(WRITE, value);
  }

  read() {
    return this.ask(READ) & 0xff;
  }

  stop() {
    this.ask(STOP);
  }
}

/** Those chips of a bus that hear one pair of lines: which of them a transaction is with. */
export class I2cTargets {
  constructor(chips) {
    this.chips = chips;
    this.chip = null;
  }

  /** Whether a chip that can hear this acknowledges its address. */
  start(address, reading, hears = () => true) {
    const chip = this.chips.find((candidate) => candidate.address === address && hears(candidate)) ?? null;
    if (chip !== this.chip) {
      this.stop();
    }
    this.chip = chip?.start(reading) ? chip : null;
    return this.chip !== null;
  }

  write(value) {
    return this.chip !== null && this.chip.write(value);
  }

  read() {
    return this.chip === null ? 0xff : this.chip.read();
  }

  stop() {
    this.chip?.stop();
    this.chip = null;
  }
}

/**
 * Let a controller take the time its clock says: nine clocks a byte, one for a start or stop condition.
 * Returns what resets it.
 */
export function timeI2c(i2c, bus, clock, mcu, chips, edges) {
  const targets = new I2cTargets(chips);
  let next;
  const alarm = clock.createAlarm(() => next());
  const after = (nanos, action) => {
    next = action;
    alarm.schedule(nanos);
  };
  // Data sheet, 4.3.14.2; the lines rise and fall in no time.
  const period = () => {
    const low = (i2c.sclLowPeriod + 1) * clock.cycleNanos;
    const high = (i2c.sclHighPeriod + i2c.spikelen + 7) * clock.cycleNanos;
    return { low, high, both: low + high };
  };
  const hears = ({ pins }) =>
    reaches(mcu, I2C, bus, 'scl', pins.scl) && reaches(mcu, I2C, bus, 'sda', pins.sda);

  // rp2040js says TX_EMPTY when it begins to send; the driver waits for the end of the byte, and of an aborted one too.
  const raise = i2c.setInterrupts.bind(i2c);
  i2c.setInterrupts = (mask) => raise(i2c.control & TX_EMPTY_CTRL ? mask & ~R_TX_EMPTY : mask);
  const sent = () => {
    const shifting = i2c.state === CONNECTED && i2c.busy;
    if (!shifting && i2c.txFIFO.itemCount <= i2c.txThreshold) {
      raise(R_TX_EMPTY);
    }
  };
  const write = i2c.writeUint32.bind(i2c);
  i2c.writeUint32 = (offset, value) => {
    if (offset === IC_FS_SPKLEN) {
      i2c.spikelen = Math.max(1, value & 0xff); // rp2040js takes even ones only
    } else {
      write(offset, value);
    }
  };

  /** Send a byte; the chip is asked when its acknowledgement is due. */
  const send = (value, ask, complete) => {
    const { both } = period();
    edges?.i2cByte(bus, value, clock.nanos, period());
    after(8 * both, () => {
      const acknowledged = ask();
      edges?.i2cBit(bus, acknowledged ? 0 : 1, clock.nanos, period());
      after(both, () => {
        complete(acknowledged);
        sent();
      });
    });
  };

  i2c.onStart = (repeated) => {
    edges?.i2cStart(bus, repeated, clock.nanos, period());
    after(repeated ? period().both : period().high, () => i2c.completeStart());
  };
  i2c.onConnect = (address, reading) => {
    const ask = () => targets.start(address, !!reading, hears);
    send((address << 1) | reading, ask, (acknowledged) => i2c.completeConnect(acknowledged));
  };
  i2c.onWriteByte = (value) => {
    const ask = () => targets.write(value);
    send(value, ask, (acknowledged) => i2c.completeWrite(acknowledged));
  };
  i2c.onReadByte = (acknowledge) => {
    const value = targets.read();
    const { both } = period();
    edges?.i2cByte(bus, value, clock.nanos, period());
    edges?.i2cBit(bus, acknowledge ? 0 : 1, clock.nanos + 8 * both, period());
    after(9 * both, () => {
      i2c.completeRead(value);
      sent();
    });
  };
  i2c.onStop = () => {
    edges?.i2cStop(bus, clock.nanos, period());
    after(period().both, () => {
      targets.stop();
      i2c.completeStop();
    });
  };
  return () => {
    alarm.cancel();
    targets.stop();
    i2c.txFIFO.reset();
    i2c.rxFIFO.reset();
    Object.assign(i2c, { state: IDLE, busy: false, stop: false, pendingRestart: false, enable: 0, abortSource: 0 });
    i2c.clearInterrupts(~0);
  };
}
