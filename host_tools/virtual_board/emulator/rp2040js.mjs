// rp2040js lives below build/, where no import would look: the host says where.
export const { RP2040, GPIOPinState, ConsoleLogger, LogLevel } = await import(
  `${process.env.RP2040JS}/dist/esm/index.js`
);
