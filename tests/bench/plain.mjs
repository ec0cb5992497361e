// node plain.mjs RP2040JS ROM IMAGE CODE: rp2040js as it comes, running a board's image until CODE makes its second mark.
// What it lacks to run at all it is given in the shortest way: a boot ROM, and a flash that can be written.
import fs from 'fs';

const [folder, rom, image, code] = process.argv.slice(2);
const { Simulator, USBCDC, ConsoleLogger, LogLevel } = await import(`${folder}/dist/esm/index.js`);
const TBMAN = 0x4006c;

const simulator = new Simulator();
const mcu = simulator.rp2040;
const words = new Uint32Array(4096);
new Uint8Array(words.buffer).set(fs.readFileSync(rom));
mcu.loadBootrom(words);
mcu.logger = new ConsoleLogger(LogLevel.Error, false);
console.warn = () => {}; // it says much about registers that it does not know
mcu.flash.set(fs.readFileSync(image));
mcu.onBreak = (call) => {
  const [offset, second, count] = mcu.core.registers;
  if (call === 1) {
    mcu.flash.fill(0xff, offset, offset + second);
  } else if (call === 2) {
    for (let index = 0; index < count; index++) {
      mcu.flash[offset + index] &= mcu.readUint8(second + index);
    }
  } else if (call === 5) {
    mcu.core.registers[0] = 0; // the flash is no longer busy
  }
};
mcu.peripherals[TBMAN].writeUint32 = (offset, value) => value === 2 && process.exit(0);

const console_ = new USBCDC(mcu.usbCtrl);
const type = (text) => Buffer.from(text, 'latin1').forEach((byte) => console_.sendSerialByte(byte));
let heard = '';
console_.onSerialData = (data) => {
  heard += Buffer.from(data).toString('latin1');
};
// A boot takes what it takes, so that the raw REPL is asked for until it answers.
const ask = () => {
  if (!heard.includes('raw REPL')) {
    type('\r\x01');
  } else if (heard.endsWith('>')) {
    type(`${code}\x04`);
    return;
  }
  simulator.clock.createAlarm(ask).schedule(100e6);
};
simulator.clock.createAlarm(ask).schedule(600e6);
simulator.execute();
