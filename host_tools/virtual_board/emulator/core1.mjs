// rp2040js has one core.  The other one is here what it is to a program that never starts it: when it comes out of reset,
// its boot ROM puts a zero into the FIFO between them, and then it sleeps (datasheet 2.8.2).

const PSM = 0x40010;
const FRCE_OFF = 0x04;
const PROC1 = 1 << 16;
const FIFO_ST = 0x50;
const FIFO_WR = 0x54;
const FIFO_RD = 0x58;
const VALID = 1 << 0;
const READY = 1 << 1;

export function standInForCore1({ sio, peripherals }) {
  const psm = peripherals[PSM];
  const [readSio, writeSio, writePsm] = [
    sio.readUint32.bind(sio),
    sio.writeUint32.bind(sio),
    psm.writeUint32.bind(psm),
  ];
  let waiting = false; // the zero, to be read
  psm.writeUint32 = (offset, value) => {
    waiting ||= offset === FRCE_OFF && !!(psm.frceOff & PROC1) && !(value & PROC1);
    writePsm(offset, value);
  };
  sio.readUint32 = (offset) => {
    if (offset === FIFO_ST) {
      return READY | (waiting ? VALID : 0);
    }
    if (offset === FIFO_RD) {
      waiting = false;
      return 0;
    }
    return readSio(offset);
  };
  sio.writeUint32 = (offset, value) => {
    if (offset !== FIFO_ST && offset !== FIFO_WR) {
      writeSio(offset, value);
    }
  };
}
