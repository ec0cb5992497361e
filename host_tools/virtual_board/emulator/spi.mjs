// A chip on an SPI bus whose model is in the host.  Bytes are exchanged here, at the bus's speed; the model is asked when
// the chip is selected, when it has seen as many bytes as it wanted to see, and when it is let go.

export class SpiChip {
  /** unit: the number by which the host knows the chip. */
  constructor(unit, pins, cs, link, nanos) {
    this.unit = unit;
    this.link = link;
    this.nanos = nanos;
    this.selected = false;
    pins.watch(cs, (level) => (level ? this.deselect() : this.select()));
  }

  select() {
    this.selected = true;
    this.mosi = [];
    this.miso = [];
    this.askAfter = Infinity;
    this.link.ask('s', this.unit, this.nanos());
    this.onSelect?.();
  }

  /** The model's answer: bytes to send, and the number of bytes after which it wants to be asked. */
  prepared(askAfter, miso) {
    this.miso.push(...miso);
    this.askAfter = askAfter || Infinity;
  }

  /** The byte that the chip sends next. */
  peek() {
    return this.miso.length ? this.miso[0] : 0xff;
  }

  /** The same, and it is sent. */
  next() {
    const value = this.peek();
    this.miso.shift();
    return value;
  }

  /** The byte that came at the same time. */
  took(value) {
    this.mosi.push(value);
    if (this.mosi.length >= this.askAfter) {
      this.askAfter = Infinity;
      this.link.ask('x', this.unit, this.nanos(), Buffer.from(this.mosi));
      this.mosi = [];
    }
  }

  deselect() {
    if (this.selected) {
      this.selected = false;
      this.link.ask('u', this.unit, this.nanos(), Buffer.from(this.mosi));
    }
  }
}

/** Let a bus take the time its clock says, and hand each byte to the chip that is selected. */
export function timeSpi(spi, bus, clock, chips, edges) {
  let answer = 0;
  const done = clock.createAlarm(() => spi.completeTransmit(answer));
  spi.onTransmit = (value) => {
    const chip = chips.find((candidate) => candidate.selected);
    const bitNanos = 1e9 / (spi.clockFrequency || 1e6);
    answer = chip ? chip.next() : 0xff;
    edges?.spi(bus, spi, value, answer, clock.nanos, bitNanos);
    chip?.took(value);
    done.schedule(spi.dataBits * bitNanos);
  };
}

/** SPI as software makes it (machine.SoftSPI), on the pins of a chip's wiring; data is valid when the clock rises. */
export function answerOnPins(pins, chip, { sck, mosi, miso }) {
  let bits = 0; // of this byte, so far
  let value = 0;
  const show = () => {
    if (miso !== undefined) {
      pins.drive(miso, !!((chip.peek() >> (7 - bits)) & 1), 0);
    }
  };
  chip.onSelect = () => {
    bits = 0;
    show();
  };
  pins.watch(sck, (level) => {
    if (!chip.selected) {
      return;
    }
    if (!level) {
      show();
      return;
    }
    value = ((value << 1) | (mosi === undefined ? 0 : pins.level(mosi))) & 0xff;
    bits++;
    if (bits === 8) {
      bits = 0;
      chip.next();
      chip.took(value);
    }
  });
}
