// The chips on the three wires of I2S (clock, word select, data): one hears every bit, one gives them.
// Philips framing: word select changes with a word's last bit, low is left, the highest bit comes first.

/** A DAC: gathers the words that come over the wires for the host. */
export class I2sReceiver {
  constructor(unit, pins, { sck, ws, sd }) {
    this.unit = unit;
    this.words = [];
    let side = 0;
    let word = 0;
    let bits = 0;
    pins.watch(sck, (level) => {
      if (level) {
        word = (word << 1) | pins.level(sd);
        bits++;
        if (pins.level(ws) !== side) {
          this.words.push([side, bits, word >>> 0]);
          side = 1 - side;
          word = 0;
          bits = 0;
        }
      }
    });
  }

  /** Hand on what has come: each word as side (u8), bits (u8), value (u32). */
  flush(link, now) {
    if (this.words.length) {
      const data = Buffer.alloc(this.words.length * 6);
      this.words.forEach(([side, bits, word], index) => {
        data[index * 6] = side;
        data[index * 6 + 1] = bits;
        data.writeUInt32LE(word, index * 6 + 2);
      });
      this.words = [];
      link.tell('w', this.unit, now, data);
    }
  }
}

const MICROPHONE_BITS = 24;

/** A microphone: 24 bits in a slot of 32, on its side only. */
export class I2sSource {
  constructor(unit, pins, { sck, ws, sd, side }, link, nanos) {
    this.samples = [];
    let selected = -1;
    let word = 0;
    let bit = 0;
    pins.watch(ws, (level) => {
      selected = level;
      bit = MICROPHONE_BITS - 1; // shown when the clock falls next
      if (selected === side) {
        if (!this.samples.length) {
          link.ask('n', unit, nanos());
        }
        word = this.samples.shift();
      }
    });
    // Data changes when the clock falls, and is read when it rises.
    pins.watch(sck, (level) => {
      if (!level) {
        pins.drive(sd, selected === side && bit >= 0 && !!((word >> bit) & 1), 0);
        bit--;
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
