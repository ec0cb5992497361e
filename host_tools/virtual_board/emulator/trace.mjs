// The pins' levels over time as a Value Change Dump, the text format that waveform viewers read (IEEE 1364, 18).
import fs from 'fs';
import { lineOf } from './functions.mjs';
import { Edges } from './edges.mjs';

const FIRST_CODE = 33; // '!': identifiers are single printable characters
const PINS = 30;

export class Trace {
  /** names: [pin, chip, the chip's name for it], by which a pin goes beside its number. */
  constructor(path, names) {
    this.fd = fs.openSync(path, 'w');
    this.pending = []; // [nanos, pin, level], edges that are known before their time among them
    this.last = Array(PINS).fill('z');
    this.time = 0;
    const variable = (pin, name) => `$var wire 1 ${this.code(pin)} ${name} $end\n`;
    const pins = this.last.map((_, pin) => variable(pin, `GPIO${pin}`)).join('');
    const chips = names.map(([pin, chip, name]) => `$scope module ${chip} $end\n${variable(pin, name)}$upscope $end\n`);
    const levels = this.last.map((level, pin) => level + this.code(pin)).join('\n');
    this.write(
      `$timescale 1 ns $end\n$scope module rp2040 $end\n${pins}$upscope $end\n${chips.join('')}` +
        `$enddefinitions $end\n#0\n$dumpvars\n${levels}\n$end\n`,
    );
  }

  /** Watch a board, which a reset replaces by another; returns what draws the edges of its buses. */
  connect(mcu, pins, nanos) {
    this.nanos = nanos;
    const edges = new Edges(mcu, this, nanos());
    pins.onLevel = (pin, level) => {
      const line = lineOf(pin)?.[1];
      if (line === undefined || line === 'cts') {
        this.put(pin.index, level, nanos());
      }
    };
    pins.onRoute((pin) => {
      const line = lineOf(pin)?.[1];
      if (line === undefined || line === 'cts') {
        pins.settle(pin, pin.value);
      } else {
        edges.rest(pin);
      }
    });
    for (const pin of mcu.gpio) {
      pins.settle(pin, pin.value);
    }
    return edges;
  }

  code(pin) {
    return String.fromCharCode(FIRST_CODE + pin);
  }

  put(pin, level, nanos) {
    this.pending.push([nanos, pin, level]);
  }

  /** Write what has happened until now. */
  flush(now) {
    if (!this.pending.length) {
      return;
    }
    const done = this.pending.filter(([nanos]) => nanos <= now).sort(([first], [second]) => first - second);
    this.pending = this.pending.filter(([nanos]) => nanos > now);
    let text = '';
    for (const [nanos, pin, level] of done) {
      if (this.last[pin] !== `${level}`) {
        const time = Math.floor(nanos);
        if (time > this.time) {
          text += `#${time}\n`;
          this.time = time;
        }
        this.last[pin] = `${level}`;
        text += `${level}${this.code(pin)}\n`;
      }
    }
    this.write(text);
  }

  write(text) {
    fs.writeSync(this.fd, text);
  }

  close(now) {
    this.flush(now);
    this.write(`#${Math.max(Math.ceil(now), this.time + 1)}\n`);
    fs.closeSync(this.fd);
  }
}
