// Which line of which block a pin is by its function select (data sheet, 1.4.3 and table 278).

export const SPI = 1;
export const UART = 2;
export const I2C = 3;

const LINES = {
  [SPI]: (index) => [(index >> 3) & 1, ['rx', 'cs', 'sck', 'tx'][index & 3]],
  [UART]: (index) => [((index + 4) >> 3) & 1, ['tx', 'rx', 'cts', 'rts'][index & 3]],
  [I2C]: (index) => [(index >> 1) & 1, ['sda', 'scl'][index & 1]],
};

/** [bus, line] of a pin; null for one that is no line of these blocks. */
export function lineOf({ index, functionSelect }) {
  return LINES[functionSelect]?.(index) ?? null;
}

/** The numbers of the pins that the image has routed to a line of a block. */
export function routed(mcu, block, bus, line) {
  const found = [];
  for (const pin of mcu.gpio) {
    if (pin.functionSelect === block) {
      const [itsBus, itsLine] = LINES[block](pin.index);
      if (itsBus === bus && itsLine === line) {
        found.push(pin.index);
      }
    }
  }
  return found;
}

/** Whether a line of a block reaches a chip: the pin that the chip is wired to, or any, if its wiring names none. */
export function reaches(mcu, block, bus, line, wired) {
  const pins = routed(mcu, block, bus, line);
  return wired === undefined ? pins.length > 0 : pins.includes(wired);
}
