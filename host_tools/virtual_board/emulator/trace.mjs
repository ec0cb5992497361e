// The pins' levels over time as a Value Change Dump, the text format that waveform viewers read (IEEE 1364, 18).
// SPI, I2C and UART blocks move bytes, not pin levels, in rp2040js: their lines stay still here.
import fs from 'fs';

const FIRST_CODE = 33; // '!': identifiers are single printable characters
const LEVELS = ['0', '1', 'z', 'z', 'z', 'z']; // by GPIOPinState
const BUFFERED = 65536;

export class Trace {
  constructor(path) {
    this.fd = fs.openSync(path, 'w');
    this.text = '$timescale 1 ns $end\n$scope module rp2040 $end\n';
    this.last = -1;
  }

  connect(mcu, nanos) {
    if (this.last < 0) {
      const names = mcu.gpio.map(({ index }) => `$var wire 1 ${this.code(index)} GPIO${index} $end\n`);
      this.text += `${names.join('')}$upscope $end\n$enddefinitions $end\n`;
    }
    for (const pin of mcu.gpio) {
      pin.addListener((state) => this.change(pin.index, state, Math.floor(nanos())));
    }
  }

  code(index) {
    return String.fromCharCode(FIRST_CODE + index);
  }

  change(index, state, now) {
    if (now !== this.last) {
      this.text += `#${now}\n`;
      this.last = now;
    }
    this.text += `${LEVELS[state]}${this.code(index)}\n`;
    if (this.text.length > BUFFERED) {
      this.flush();
    }
  }

  flush() {
    fs.writeSync(this.fd, this.text);
    this.text = '';
  }

  close() {
    this.flush();
    fs.closeSync(this.fd);
  }
}
