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
  }

  /** The model's answer: bytes to send, and the number of bytes after which it wants to be asked. */
  prepared(askAfter, miso) {
    this.miso.push(...miso);
    this.askAfter = askAfter || Infinity;
  }

  exchange(value) {
    const answer = this.miso.length ? this.miso.shift() : 0xff;
    this.mosi.push(value);
    if (this.mosi.length >= this.askAfter) {
      this.askAfter = Infinity;
      this.link.ask('x', this.unit, this.nanos(), Buffer.from(this.mosi));
      this.mosi = [];
    }
    return answer;
  }

  deselect() {
    if (this.selected) {
      this.selected = false;
      this.link.ask('u', this.unit, this.nanos(), Buffer.from(this.mosi));
    }
  }
}

/** Let a bus take the time its clock says, and hand each byte to the chip that is selected. */
export function timeSpi(spi, clock, chips) {
  let answer = 0;
  const done = clock.createAlarm(() => spi.completeTransmit(answer));
  spi.onTransmit = (value) => {
    const chip = chips.find((candidate) => candidate.selected);
    answer = chip ? chip.exchange(value) : 0xff;
    done.schedule((spi.dataBits * 1e9) / (spi.clockFrequency || 1e6));
  };
}
