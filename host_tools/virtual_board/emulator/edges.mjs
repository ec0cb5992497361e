// The edges of SPI, I2C and UART for a trace: rp2040js moves bytes, and this draws them at the time they take, on the
// pins that the image has routed to the block.
import { I2C, SPI, UART, lineOf, routed } from './functions.mjs';

const SSPCR0 = 0x000;
const SPO = 1 << 6; // the clock is high between bytes
const SPH = 1 << 7; // data is read at the clock's second edge

export class Edges {
  /** origin: when the board's clock began, on the trace's time line. */
  constructor(mcu, trace, origin) {
    this.mcu = mcu;
    this.trace = trace;
    this.origin = origin;
    mcu.spi.forEach((spi, bus) => this.watchPolarity(spi, bus));
  }

  /** The clock's resting level changes with the register, not with the next byte. */
  watchPolarity(spi, bus) {
    const write = spi.writeUint32.bind(spi);
    spi.writeUint32 = (offset, value) => {
      write(offset, value);
      if (offset === SSPCR0) {
        routed(this.mcu, SPI, bus, 'sck').forEach((index) => this.rest(this.mcu.gpio[index]));
      }
    };
  }

  put(block, bus, line, level, nanos) {
    for (const pin of routed(this.mcu, block, bus, line)) {
      this.trace.put(pin, level, this.origin + nanos);
    }
  }

  /** A pin has been routed to a block: the level at which its line rests. */
  rest(pin) {
    const [bus, line] = lineOf(pin);
    const low = pin.functionSelect === SPI && line !== 'cs' && !(line === 'sck' && this.mcu.spi[bus].control0 & SPO);
    this.trace.put(pin.index, low ? 0 : 1, this.trace.nanos());
  }

  spi(bus, { control0, dataBits }, mosi, miso, start, bitNanos) {
    const rest = control0 & SPO ? 1 : 0;
    for (let bit = 0; bit < dataBits; bit++) {
      const at = start + bit * bitNanos;
      const shift = dataBits - 1 - bit;
      this.put(SPI, bus, 'tx', (mosi >> shift) & 1, at);
      this.put(SPI, bus, 'rx', (miso >> shift) & 1, at);
      // Data changes with the edge that it is not read at.
      const [first, second] = control0 & SPH ? [at, at + bitNanos / 2] : [at + bitNanos / 2, at + bitNanos];
      this.put(SPI, bus, 'sck', 1 - rest, first);
      this.put(SPI, bus, 'sck', rest, second);
    }
  }

  uart(bus, line, levels, start, bitNanos) {
    [0, ...levels, 1].forEach((level, bit) => this.put(UART, bus, line, level, start + bit * bitNanos));
  }

  // I2C: each of these begins when the clock has just fallen (a start condition on an idle bus: with both lines high).

  i2cStart(bus, repeated, start, { low, high }) {
    if (repeated) {
      this.put(I2C, bus, 'scl', 0, start);
      this.put(I2C, bus, 'sda', 1, start + low / 2);
      this.put(I2C, bus, 'scl', 1, start + low);
      this.put(I2C, bus, 'sda', 0, start + low + high / 2);
    } else {
      this.put(I2C, bus, 'sda', 0, start);
    }
  }

  i2cBit(bus, level, start, { low, high }) {
    this.put(I2C, bus, 'scl', 0, start);
    this.put(I2C, bus, 'sda', level, start + low / 2);
    this.put(I2C, bus, 'scl', 1, start + low);
    this.put(I2C, bus, 'scl', 0, start + low + high);
  }

  i2cByte(bus, value, start, period) {
    for (let bit = 0; bit < 8; bit++) {
      this.i2cBit(bus, (value >> (7 - bit)) & 1, start + bit * period.both, period);
    }
  }

  i2cStop(bus, start, { low, high }) {
    this.put(I2C, bus, 'scl', 0, start);
    this.put(I2C, bus, 'sda', 0, start + low / 2);
    this.put(I2C, bus, 'scl', 1, start + low);
    this.put(I2C, bus, 'sda', 1, start + low + high / 2);
  }
}
