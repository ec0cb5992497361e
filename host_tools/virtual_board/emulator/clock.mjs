// The clock of the emulated board: whole cycles of clk_sys, with the alarms that rp2040js's peripherals set in nanoseconds.

class Alarm {
  constructor(clock, callback) {
    this.clock = clock;
    this.callback = callback;
    this.nanos = 0;
    this.cycle = Infinity;
    this.next = null;
    this.scheduled = false;
  }

  /** In so many nanoseconds; never within the cycle that sets it. */
  schedule(deltaNanos) {
    const { clock } = this;
    this.nanos = clock.nanos + deltaNanos;
    clock.insert(this, Math.max(clock.cycleOf(this.nanos), clock.now + 1));
  }

  /** At a cycle. */
  scheduleCycle(cycle) {
    this.nanos = NaN; // moves with the cycles when the frequency changes
    this.clock.insert(this, cycle);
  }

  cancel() {
    this.clock.remove(this);
  }
}

export class Clock {
  constructor() {
    this.cycles = 0; // of clk_sys since the reset
    this.idle = 0; // of them, those in which the core executed nothing
    this.next = Infinity; // cycle of the first alarm
    this.first = null;
    this.firing = null; // the alarm that is being answered: to it, the time is its own
    this.cycleNanos = 8;
    this.baseCycles = 0;
    this.baseNanos = 0;
  }

  get now() {
    return this.firing ? this.firing.cycle : this.cycles;
  }

  get nanos() {
    const { firing } = this;
    if (firing && firing.nanos === firing.nanos) {
      return firing.nanos;
    }
    return this.baseNanos + (this.now - this.baseCycles) * this.cycleNanos;
  }

  get micros() {
    return this.nanos / 1000;
  }

  cycleOf(nanos) {
    return this.baseCycles + Math.ceil((nanos - this.baseNanos) / this.cycleNanos - 1e-6);
  }

  setFrequency(hertz) {
    const nanos = this.baseNanos + (this.cycles - this.baseCycles) * this.cycleNanos;
    this.baseNanos = nanos;
    this.baseCycles = this.cycles;
    this.cycleNanos = 1e9 / hertz;
    const alarms = [];
    for (let alarm = this.first; alarm; alarm = alarm.next) {
      alarms.push(alarm);
    }
    for (const alarm of alarms) {
      if (alarm.nanos === alarm.nanos) {
        this.insert(alarm, Math.max(this.cycleOf(alarm.nanos), this.cycles + 1));
      }
    }
  }

  createAlarm(callback) {
    return new Alarm(this, callback);
  }

  insert(alarm, cycle) {
    if (alarm.scheduled) {
      this.remove(alarm);
    }
    alarm.cycle = cycle;
    alarm.scheduled = true;
    let before = null;
    let after = this.first;
    while (after && after.cycle <= cycle) {
      before = after;
      after = after.next;
    }
    alarm.next = after;
    if (before) {
      before.next = alarm;
    } else {
      this.first = alarm;
      this.next = cycle;
    }
  }

  remove(alarm) {
    if (!alarm.scheduled) {
      return;
    }
    alarm.scheduled = false;
    let before = null;
    let item = this.first;
    while (item !== alarm) {
      before = item;
      item = item.next;
    }
    if (before) {
      before.next = alarm.next;
    } else {
      this.first = alarm.next;
      this.next = this.first ? this.first.cycle : Infinity;
    }
  }

  /** Answer the alarms that are due. */
  fire() {
    const outer = this.firing;
    while (this.next <= this.cycles) {
      const alarm = this.first;
      this.remove(alarm);
      this.firing = alarm;
      alarm.callback();
      this.firing = outer;
    }
  }

  /** Let time pass while the core does nothing: it sleeps, or waits for the flash. */
  pass(cycles) {
    this.idle += cycles;
    this.cycles += cycles;
    if (this.cycles >= this.next) {
      this.fire();
    }
  }
}
