// The ring oscillator (data sheet, 2.17): the one bit of it that is random, of which libraries make their secrets and names.
// In rp2040js it is always 1.

const ROSC = 0x40060;
const RANDOMBIT = 0x1c;

/**
 * Answer a bit of a row (xorshift, 32 bits) that is the same after each power on, so that the same run takes the same cycles.
 *
 * `before` is what this has returned in the life before a reset: the row goes on there.
 */
export function randomBits({ peripherals }, before) {
  const state = before ?? { row: 2463534242 };
  const rosc = peripherals[ROSC];
  const read = rosc.readUint32.bind(rosc);
  rosc.readUint32 = (offset) => {
    if (offset !== RANDOMBIT) {
      return read(offset);
    }
    state.row ^= state.row << 13;
    state.row ^= state.row >>> 17;
    state.row ^= state.row << 5;
    return (state.row >>> 16) & 1;
  };
  return state;
}
