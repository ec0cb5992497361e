// The reset controller (data sheet, 2.14): in rp2040js, a block that is reset keeps all it had.

const RESETS = 0x4000c;
const RESET = 0x0;
export const I2C0_BIT = 3; // I2C1 and UART1 have the next ones
export const UART0_BIT = 22;

/** Call `listeners.get(bit)()` when the image puts a block into reset. */
export function watchResets({ peripherals }, listeners) {
  const resets = peripherals[RESETS];
  const write = resets.writeUint32.bind(resets);
  resets.writeUint32 = (offset, value) => {
    const begun = offset === RESET ? value & ~resets.reset : 0;
    write(offset, value);
    for (const [bit, listener] of listeners) {
      if ((begun >>> bit) & 1) {
        listener();
      }
    }
  };
}
