// The flash chip: a file that every erase and program is written through to, and a count of both.
import fs from 'fs';

const SECTOR = 4096;
const PAGE = 256;
// AT25SF128A, typical times: 4 KB erase 50 ms, page program 0.4 ms.
const ERASE_NANOS = 50e6;
const PROGRAM_NANOS = 0.4e6;

/** Bytes that a seed determines: some seeds have few bits set, some many, as a cut comes early or late. */
function randomBytes(seed) {
  let state = seed >>> 0;
  const next = () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0; // Numerical Recipes' generator; its high bits are good
    return state >>> 16;
  };
  next();
  const share = next() / 65536;
  return () => {
    let bits = 0;
    for (let bit = 0; bit < 8; bit++) {
      bits |= next() / 65536 < share ? 1 << bit : 0;
    }
    return bits;
  };
}

export class Flash {
  /**
   * path: the file, made by the host with the chip's size.  cutAfter: operations until the power is cut: behind the last
   * of them, or, when `torn` is a number and not null, in it; the number chooses the bits that it still changes.
   */
  constructor(path, cutAfter, torn) {
    this.fd = fs.openSync(path, 'r+');
    this.bytes = new Uint8Array(fs.fstatSync(this.fd).size);
    fs.readSync(this.fd, this.bytes, 0, this.bytes.length, 0);
    this.left = cutAfter ?? Infinity;
    this.torn = torn;
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
      this.change(offset, new Uint8Array(SECTOR).fill(0xff));
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
      this.change(offset + start, page.map((value, index) => value & this.bytes[offset + start + index]));
      this.programmed++;
      nanos += PROGRAM_NANOS;
      this.keep(offset + start, page.length);
    }
    return nanos;
  }

  /** Give bytes their new values; only some of the bits, when the power goes while it happens. */
  change(offset, values) {
    const tearing = this.torn !== null && this.left === 1;
    const random = tearing ? randomBytes(this.torn) : null;
    values.forEach((value, index) => {
      const before = this.bytes[offset + index];
      this.bytes[offset + index] = tearing ? before ^ ((before ^ value) & random()) : value;
    });
  }

  keep(offset, count) {
    fs.writeSync(this.fd, this.bytes, offset, count, offset);
    this.left--;
    if (this.left <= 0) {
      this.onCut();
    }
  }
}
