// PIO on the clock.  rp2040js runs its state machines in batches beside the core; here each one has an alarm and takes
// its steps when its divider says, with the delays of its instructions and its stalls.

const SHIFTCTRL = 0x08; // offsets within a state machine's registers
const CLKDIV = 0x00;
const CTRL = 0x000;
const WAIT_PIN = 1; // rp2040js's WaitType
const FUNCTION_PIO0 = 6;
const JOIN_TX = 1 << 30;
const JOIN_RX = 1 << 31;

class Stepper {
  constructor(pio, machine, clock, pins) {
    this.pio = pio;
    this.pins = pins;
    this.machine = machine;
    this.clock = clock;
    this.running = false;
    this.asleep = false; // stalled: nothing but an event can change that
    this.inside = false;
    this.tick = 0; // of the next step, in 1/256 cycles
    this.divider = 256;
    this.alarm = clock.createAlarm(() => this.step());
    this.checkWait = machine.checkWait.bind(machine);
    machine.checkWait = () => this.event();
    const write = machine.writeUint32.bind(machine);
    machine.writeUint32 = (offset, value) => {
      const before = machine.shiftCtrl;
      write(offset, value);
      if (offset === CLKDIV) {
        this.divider = (machine.clockDivInt || 65536) * 256 + (machine.clockDivInt ? machine.clockDivFrac : 0);
      } else if (offset === SHIFTCTRL && (before ^ value) & (JOIN_TX | JOIN_RX)) {
        this.join(value);
      }
    };
    machine.clkDivRestart = () => this.restartDivider();
  }

  /** Two FIFOs of four, or one of eight. */
  join(value) {
    const { machine } = this;
    const Fifo = machine.txFIFO.constructor;
    machine.txFIFO = new Fifo(value & JOIN_TX ? 8 : value & JOIN_RX ? 0 : 4);
    machine.rxFIFO = new Fifo(value & JOIN_RX ? 8 : value & JOIN_TX ? 0 : 4);
    machine.updateDMATx();
    machine.updateDMARx();
  }

  restartDivider() {
    this.tick = this.clock.now * 256 + this.divider;
    if (this.running && !this.asleep) {
      this.alarm.scheduleCycle(Math.ceil(this.tick / 256));
    }
  }

  /** The enable bit may have changed, or the machine been restarted. */
  update() {
    const { machine } = this;
    if (machine.enabled && !this.running) {
      this.running = true;
      this.asleep = true;
      this.wake();
    } else if (!machine.enabled && this.running) {
      this.running = false;
      this.alarm.cancel();
    } else if (machine.enabled && !machine.waiting) {
      this.wake();
    }
  }

  /** Something that a stalled machine may wait for has changed; or the machine itself asks. */
  event() {
    if (this.inside || !this.running) {
      this.checkWait();
    } else {
      this.wake();
    }
  }

  /** Go on at the divider's next tick. */
  wake() {
    if (!this.asleep) {
      return;
    }
    this.asleep = false;
    const now = this.clock.now * 256;
    if (this.tick <= now) {
      this.tick += (Math.floor((now - this.tick) / this.divider) + 1) * this.divider;
    }
    this.alarm.scheduleCycle(Math.ceil(this.tick / 256));
  }

  step() {
    const { machine, pio } = this;
    const before = machine.cycles;
    let ticks;
    this.inside = true;
    if (machine.waiting) {
      this.checkWait();
      ticks = 1 + machine.cycles - before;
    } else {
      machine.updatePC = true;
      machine.executeInstruction(pio.instructions[machine.pc]);
      if (machine.updatePC) {
        machine.nextPC();
      }
      ticks = machine.cycles - before;
    }
    this.inside = false;
    if (pio.pinValues !== pio.oldPinValues || pio.pinDirections !== pio.oldPinDirections) {
      pio.checkChangedPins();
    }
    this.tick += Math.max(ticks, 1) * this.divider;
    if (machine.waiting) {
      this.asleep = true;
      this.pins.pioWaits ||= machine.waitType === WAIT_PIN;
    } else {
      this.alarm.scheduleCycle(Math.ceil(this.tick / 256));
    }
  }
}

/** Tell those pins that a PIO block has changed, and no others; rp2040js asks each of thirty. */
function changePins(pio, gpio) {
  const { pinValues, pinDirections } = pio;
  let changed = (pinValues ^ pio.oldPinValues) | (pinDirections ^ pio.oldPinDirections);
  pio.oldPinValues = pinValues;
  pio.oldPinDirections = pinDirections;
  while (changed) {
    const index = 31 - Math.clz32(changed & -changed);
    changed &= changed - 1;
    const pin = gpio[index];
    if (pin.ctrl === FUNCTION_PIO0 + pio.index && (pinDirections >> index) & 1) {
      const { lastValue } = pin;
      const state = (pinValues >> index) & 1; // Low, High
      if (state !== lastValue) {
        pin.lastValue = state;
        for (const listener of pin.listeners) {
          listener(state, lastValue);
        }
      }
    } else {
      pin.checkForUpdates(); // an input, another's pin, or one with overrides
    }
  }
}

/** Step the state machines of a PIO block with the clock. */
export function clockPio(pio, clock, pins) {
  const steppers = pio.machines.map((machine) => new Stepper(pio, machine, clock, pins));
  const { gpio } = pins.mcu;
  pio.run = () => {};
  pio.checkChangedPins = () => changePins(pio, gpio);
  const write = pio.writeUint32.bind(pio);
  pio.writeUint32 = (offset, value) => {
    write(offset, value);
    if (offset === CTRL) {
      for (const stepper of steppers) {
        stepper.update();
      }
    } else {
      pio.checkChangedPins(); // an instruction executed by a register write may have moved pins
    }
  };
}
