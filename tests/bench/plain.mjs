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
  }
};
mcu.peripherals[TBMAN].writeUint32 = (offset, value) => value === 2 && process.exit(0);

const console_ = new USBCDC(mcu.usbCtrl);
const type = (text, millis) => {
  const send = () => Buffer.from(text, 'latin1').forEach((byte) => console_.sendSerialByte(byte));
  simulator.clock.createAlarm(send).schedule(millis * 1e6);
};
type('\r\x01', 600);
type(`${code}\x04`, 650);
simulator.execute();
