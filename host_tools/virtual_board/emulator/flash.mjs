// The flash chip: a file that every erase and program is written through to, and a count of both.
import fs from 'fs';

const SECTOR = 4096;
const PAGE = 256;
// AT25SF128A, typical times: 4 KB erase 50 ms, page program 0.4 ms.
const ERASE_NANOS = 50e6;
const PROGRAM_NANOS = 0.4e6;

export class Flash {
  /** path: the file, made by the host with the chip's size.  cutAfter: operations until the power is cut. */
  constructor(path, cutAfter) {
    this.fd = fs.openSync(path, 'r+');
    this.bytes = new Uint8Array(fs.fstatSync(this.fd).size);
    fs.readSync(this.fd, this.bytes, 0, this.bytes.length, 0);
    this.left = cutAfter ?? Infinity;
    this.erased = 0;
    this.programmed = 0;
    this.onCut = () => {};
  }

  /** Put the chip's content where rp2040js reads it. */
  plugInto(mcu) {
    mcu.flash.set(this.bytes);
    this.bytes = mcu.flash.subarray(0, this.bytes.length);
  }

  erase(offset, count) {
    let nanos = 0;
    for (const end = offset + count; offset < end && this.left > 0; offset += SECTOR) {
      this.bytes.fill(0xff, offset, offset + SECTOR);
      this.erased++;
      nanos += ERASE_NANOS;
      this.keep(offset, SECTOR);
    }
    return nanos;
  }

  /** Bits go from 1 to 0 only, as on the chip. */
  program(offset, data) {
    let nanos = 0;
    for (let start = 0; start < data.length && this.left > 0; start += PAGE) {
      const page = data.subarray(start, start + PAGE);
      for (let index = 0; index < page.length; index++) {
        this.bytes[offset + start + index] &= page[index];
      }
      this.programmed++;
      nanos += PROGRAM_NANOS;
      this.keep(offset + start, page.length);
    }
    return nanos;
  }

  keep(offset, count) {
    fs.writeSync(this.fd, this.bytes, offset, count, offset);
    this.left--;
    if (this.left <= 0) {
      this.onCut();
    }
  }
}
