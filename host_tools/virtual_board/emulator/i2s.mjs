// The chips on the three wires of I2S (clock, word select, data): one hears every bit, one gives them.
// Standard framing: word select changes one clock before a word's first bit, which is the highest; low is left.
import { GPIOPinState } from './rp2040js.mjs';

const BATCH_BYTES = 4096;

/** A DAC: gathers the words that come over the wires and hands them to the host, left and right in turn. */
export class I2sReceiver {
  constructor(unit, pins, mcu, { sck, ws, sd }, link, nanos) {
    const high = (index) => (mcu.gpio[index].lastValue === GPIOPinState.High ? 1 : 0);
    let side = 0;
    let word = 0;
    let bits = 0;
    let batch = [];
    pins.watch(sck, (level) => {
      if (!level) {
        return;
      }
      word = (word << 1) | high(sd);
      bits++;
      if (high(ws) !== side) {
        // This bit was the word's last: the next clock begins the other side's.
        batch.push([side, bits, word >>> 0]);
        side = high(ws);
        word = 0;
        bits = 0;
        if (batch.length * 6 >= BATCH_BYTES) {
          this.send(link, unit, nanos(), batch);
          batch = [];
        }
      }
    });
    this.flush = () => {
      this.send(link, unit, nanos(), batch);
      batch = [];
    };
  }

  /** Each word as side (u8), bits (u8), value (u32). */
  send(link, unit, now, batch) {
    const data = Buffer.alloc(batch.length * 6);
    batch.forEach(([side, bits, word], index) => {
      data[index * 6] = side;
      data[index * 6 + 1] = bits;
      data.writeUInt32LE(word, index * 6 + 2);
    });
    link.tell('w', unit, now, data);
  }
}

/** A microphone: 24 bits in a slot of 32, high bit first, on the side that it was told. */
export class I2sSource {
  constructor(unit, pins, { sck, ws, sd, side }, link, nanos) {
    this.samples = [];
    let selected = 1;
    let word = 0;
    let bit = -1;
    pins.watch(ws, (level) => {
      selected = level;
      bit = -1; // the first bit follows one clock later
      if (selected === side) {
        if (!this.samples.length) {
          link.ask('n', unit, nanos());
        }
        word = this.samples.length ? this.samples.shift() : 0;
      }
    });
    pins.watch(sck, (level) => {
      if (!level) {
        // Data changes when the clock falls, and is read when it rises.
        bit++;
        pins.drive(sd, selected === side && bit > 0 && bit <= 24 ? !!((word >> (24 - bit)) & 1) : false, 0);
      }
    });
  }

  /** More samples: i32, 24 bits used. */
  feed(data) {
    for (let at = 0; at < data.length; at += 4) {
      this.samples.push(data.readInt32LE(at));
    }
  }
}
