// The board between two resets: rp2040js with what it lacks, wired to the host's models.
import { RP2040, ConsoleLogger, LogLevel } from './rp2040js.mjs';
import { Clock } from './clock.mjs';
import { answerRom } from './rom.mjs';
import { UsbHost } from './usb.mjs';
import { Pins } from './pins.mjs';
import { clockPio } from './pio.mjs';
import { standInForCore1 } from './core1.mjs';
import { connectChips } from './chips.mjs';
import { randomBits } from './rosc.mjs';

const WATCHDOG = 0x40058;
const TBMAN = 0x4006c;

const RESET_HERTZ = 6.5e6; // the ring oscillator's, which the core starts on

/** Mark each arrival at one of some addresses; a board without probes does not pay for them. */
function probe(core, addresses, mark) {
  const execute = core.executeInstruction.bind(core);
  core.executeInstruction = () => {
    if (addresses.has(core.PC)) {
      mark(core.PC);
    }
    return execute();
  };
}

export class Board {
  /** settings: as main.mjs has them.  rom: words.  before: the board that was reset, if one was. */
  constructor(settings, rom, flash, link, trace, before) {
    this.clock = new Clock();
    this.origin = before ? before.nanos() : 0; // of this life, on the time line of the models
    this.cyclesBefore = before ? before.cycles() : 0;
    this.busyBefore = before ? before.busy() : 0;
    this.ended = null; // why this life is over: 'reset', or what main.mjs tells the host
    this.mcu = new RP2040(this.clock);
    this.mcu.logger = new ConsoleLogger(LogLevel.Error, false);
    this.mcu.loadBootrom(rom);
    this.flash = flash;
    flash.plugInto(this.mcu);
    this.clock.setFrequency(RESET_HERTZ);
    this.mcu.clkSys = RESET_HERTZ;
    this.mcu.addClockListener((hertz) => this.clock.setFrequency(hertz));
    answerRom(this.mcu, this.clock, flash, (reason) => this.end(reason));
    flash.onCut = () => this.end('cut');
    this.resets(before);
    this.wires(settings, link, trace, before);
  }

  /** What outlives a reset, and what causes one. */
  resets(before) {
    const watchdog = this.mcu.peripherals[WATCHDOG];
    watchdog.onWatchdogTrigger = () => this.end('reset');
    if (before) {
      const old = before.mcu.peripherals[WATCHDOG];
      watchdog.scratchData.set(old.scratchData);
      watchdog.reason = old.reason;
      this.mcu.sram.set(before.mcu.sram);
    }
  }

  wires(settings, link, trace, before) {
    const { mcu, clock } = this;
    const nanos = () => this.nanos();
    standInForCore1(mcu);
    this.random = randomBits(mcu, before?.random);
    this.usb = new UsbHost(mcu.usbCtrl, clock, (data) => link.tell('c', 0, nanos(), Buffer.from(data)));
    this.pins = new Pins(mcu, clock, before?.pins.driven ?? new Map());
    for (const pio of mcu.pio) {
      clockPio(pio, clock, this.pins);
    }
    const edges = trace?.connect(mcu, this.pins, nanos);
    this.units = connectChips({ mcu, clock, pins: this.pins, nanos }, settings, link, edges);
    // A register that only says "this is silicon": what is written there has no effect on a board, and is a mark here.
    const mark = (value) => {
      link.tell('m', 0, value >>> 0, this.counts());
    };
    mcu.peripherals[TBMAN].writeUint32 = (offset, value) => mark(value);
    if (settings.probes.length) {
      probe(mcu.core, new Set(settings.probes), mark);
    }
  }

  end(reason) {
    this.ended ??= reason;
  }

  nanos() {
    return this.origin + this.clock.nanos;
  }

  /** Cycles of clk_sys since power on, asleep or not. */
  cycles() {
    return this.cyclesBefore + this.clock.now;
  }

  /** Those of them in which the core executed instructions. */
  busy() {
    return this.busyBefore + this.clock.now - this.clock.idle;
  }

  /** Cycles, those in which the core was busy, sectors erased, pages programmed: doubles. */
  counts() {
    const data = Buffer.alloc(32);
    [this.cycles(), this.busy(), this.flash.erased, this.flash.programmed].forEach((count, index) => {
      data.writeDoubleLE(count, index * 8);
    });
    return data;
  }

  /** Execute until a cycle, the end of this life, or a sleep that lasts beyond both. */
  run(until) {
    const { clock, mcu } = this;
    const { core } = mcu;
    while (clock.cycles < until && this.ended === null) {
      if (core.waiting) {
        if (clock.next > until) {
          return;
        }
        clock.pass(Math.max(0, clock.next - clock.cycles));
      } else {
        const cycles = core.executeInstruction();
        clock.cycles += cycles; // not in one statement: a flash operation inside moves the clock itself
        if (clock.cycles >= clock.next) {
          clock.fire();
        }
      }
    }
  }
}
