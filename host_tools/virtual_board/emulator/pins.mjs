// The board's pins: what they see of themselves, who drives them from outside, and who watches them.
import { GPIOPinState } from './rp2040js.mjs';

const IO_BANK0 = 0x40014;
const LAST_CONTROL = 0xec; // offset of the last pin's control register
const FUNCTION_PWM = 4;
// Bits of a pin's interrupt status.
const EDGES = 0b1100;
const HIGH_NOW = 0b1010; // edge and level
const LOW_NOW = 0b0101;

export class Pins {
  /** driven: pin -> level that a model gives it; it outlives the board's resets. */
  constructor(mcu, clock, driven) {
    this.mcu = mcu;
    this.clock = clock;
    this.driven = driven;
    this.pioWaits = false; // whether a state machine has ever waited for a pin
    this.onLevel = null; // (pin, 0, 1 or 'z'), of a trace
    this.routeListeners = [];
    this.drivenListeners = new Map();
    this.watchRoutes();
    for (const pin of mcu.gpio) {
      pin.addListener((state) => this.settle(pin, state));
      this.settle(pin, pin.value);
    }
  }

  watchRoutes() {
    const io = this.mcu.peripherals[IO_BANK0];
    const write = io.writeUint32.bind(io);
    io.writeUint32 = (offset, value) => {
      const pin = offset <= LAST_CONTROL && offset & 4 ? this.mcu.gpio[offset >> 3] : null;
      const before = pin?.functionSelect;
      write(offset, value);
      if (pin && pin.functionSelect !== before) {
        this.routeListeners.forEach((listener) => listener(pin));
      }
    };
  }

  /** Call `listener(pin)` when the image gives a pin another function. */
  onRoute(listener) {
    this.routeListeners.push(listener);
  }

  /** Call `listener()` when a model gives a pin another level. */
  onDriven(index, listener) {
    this.drivenListeners.set(index, listener);
  }

  /** The level that comes back from the pad: its own output, else a model's, else its resistor's. */
  settle(pin, state) {
    const { High, Low, InputPullUp, InputPullDown } = GPIOPinState;
    const given = this.driven.get(pin.index);
    let level = given ?? state === InputPullUp;
    if (state === High || state === Low) {
      level = state === High;
    }
    if (this.onLevel) {
      const floats = given === undefined && state > High && state !== InputPullUp && state !== InputPullDown;
      this.onLevel(pin, floats ? 'z' : level ? 1 : 0);
    }
    if (level !== pin.rawInputValue) {
      if (pin.irqEnableMask || pin.functionSelect === FUNCTION_PWM || this.pioWaits) {
        pin.setInputValue(level);
      } else {
        // Nobody hears of it: what setInputValue() would leave behind, at a tenth of its cost.
        pin.rawInputValue = level;
        const high = level && pin.inputEnable;
        pin.irqStatus = (pin.irqStatus & EDGES) | (high ? HIGH_NOW : LOW_NOW);
      }
    }
  }

  /** The level that the board drives a pin to: 1 or 0. */
  level(index) {
    return this.mcu.gpio[index].lastValue === GPIOPinState.High ? 1 : 0;
  }

  /** A model drives a pin, after some nanoseconds. */
  drive(index, level, delayNanos) {
    const change = () => {
      if (this.driven.get(index) === level) {
        return;
      }
      this.driven.set(index, level);
      this.settle(this.mcu.gpio[index], this.mcu.gpio[index].value);
      this.drivenListeners.get(index)?.();
    };
    if (delayNanos > 0) {
      this.clock.createAlarm(change).schedule(delayNanos);
    } else {
      change();
    }
  }

  /** Call `listener(level)` when the board drives a pin to another level. */
  watch(index, listener) {
    let last;
    this.mcu.gpio[index].addListener((state) => {
      const level = state === GPIOPinState.High ? 1 : 0;
      if (state <= GPIOPinState.High && level !== last) {
        last = level;
        listener(level);
      }
    });
  }
}
