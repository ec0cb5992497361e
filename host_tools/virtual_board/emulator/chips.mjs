// The host's models at the blocks and pins of a board.
import { AnalogSource, watchAdc } from './adc.mjs';
import { I2cChip, timeI2c } from './i2c.mjs';
import { answerOnPins as answerI2cOnPins } from './i2c_pins.mjs';
import { I2sReceiver, I2sSource } from './i2s.mjs';
import { SpiChip, answerOnPins as answerSpiOnPins, timeSpi } from './spi.mjs';
import { I2C0_BIT, UART0_BIT, watchResets } from './resets.mjs';
import { Uart } from './uart.mjs';

/** Connect them; returns them by the numbers that the host has for them.  edges: of a trace, or undefined. */
export function connectChips({ mcu, clock, pins, nanos }, settings, link, edges) {
  const units = [];
  const resets = new Map();
  const remember = (wiring, chip) => (units[wiring.unit] = chip);
  mcu.spi.forEach((spi, bus) => {
    const chips = settings.spi.filter((wiring) => wiring.bus === bus).map((wiring) => {
      const chip = remember(wiring, new SpiChip(wiring.unit, pins, wiring.cs, link, nanos));
      if (wiring.pins.sck !== undefined) {
        answerSpiOnPins(pins, chip, wiring.pins);
      }
      return chip;
    });
    timeSpi(spi, bus, clock, chips, edges);
  });
  mcu.i2c.forEach((i2c, bus) => {
    const chips = settings.i2c.filter((wiring) => wiring.bus === bus).map((wiring) =>
      remember(wiring, new I2cChip(wiring.unit, wiring.address, wiring.pins, link, nanos)),
    );
    resets.set(I2C0_BIT + bus, timeI2c(i2c, bus, clock, mcu, chips, edges));
    answerI2cOnPins(pins, bus, chips);
  });
  mcu.uart.forEach((uart, bus) => {
    const chips = settings.uart.filter((wiring) => wiring.bus === bus);
    const hear = (unit, baud, value) => {
      const data = Buffer.alloc(5);
      data.writeUInt32LE(baud, 0);
      data[4] = value;
      link.ask('j', unit, nanos(), data);
    };
    const block = new Uart(uart, bus, clock, pins, chips, hear, edges);
    resets.set(UART0_BIT + bus, () => block.reset());
    chips.forEach((wiring) => remember(wiring, block));
  });
  const sources = settings.analog.map((wiring) => remember(wiring, new AnalogSource(wiring.unit, wiring.pin)));
  watchAdc(mcu.adc, sources, link, nanos);
  for (const wiring of settings.speakers) {
    remember(wiring, new I2sReceiver(wiring.unit, pins, wiring));
  }
  for (const wiring of settings.microphones) {
    remember(wiring, new I2sSource(wiring.unit, pins, wiring, link, nanos));
  }
  for (const pin of settings.watch) {
    pins.watch(pin, (level) => link.ask('p', pin, nanos(), Buffer.from([level])));
  }
  watchResets(mcu, resets);
  return units;
}
