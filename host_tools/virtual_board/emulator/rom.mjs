// What the boot ROM leaves to the emulator: it stops at a `bkpt` whose number says for what (rom/tables.S).

// Cycles charged for a function that is computed here: the hand-written ROM's order of size, not its exact figure.
const SCIENTIFIC_CYCLES = 600;

// How often the ROM looks whether the flash is still busy: so late an interrupt may be that runs meanwhile.
const POLL_CYCLES = 250;

const real = new DataView(new ArrayBuffer(16));

function float(registers, index) {
  real.setUint32(0, registers[index]);
  return real.getFloat32(0);
}

function putFloat(registers, index, value) {
  real.setFloat32(0, value);
  registers[index] = real.getUint32(0);
}

function double(registers, index) {
  real.setUint32(0, registers[index + 1]);
  real.setUint32(4, registers[index]);
  return real.getFloat64(0);
}

function putDouble(registers, index, value) {
  real.setFloat64(0, value);
  registers[index + 1] = real.getUint32(0);
  registers[index] = real.getUint32(4);
}

// In the order of the numbers 0x10 and 0x20 onwards.
const FUNCTIONS = [Math.sin, Math.cos, Math.tan, Math.exp, Math.log, Math.atan2];

function scientific(registers, code) {
  const [get, put, width] = code & 0x10 ? [float, putFloat, 1] : [double, putDouble, 2];
  const [x, y] = [get(registers, 0), get(registers, width)];
  const which = code & 0xf;
  if (which === 0x6 || code === 0x10) {
    put(registers, width, Math.cos(x));
  }
  put(registers, 0, which === 0x6 ? Math.sin(x) : FUNCTIONS[which](x, y));
}

/** Answer the ROM; `stop(reason)` is called when the machine cannot go on. */
export function answerRom(mcu, clock, flash, stop) {
  const { registers } = mcu.core;
  let busy = 0; // cycles that the flash still takes
  const begin = (nanos) => {
    busy = Math.round(nanos / clock.cycleNanos);
  };
  mcu.onBreak = (code) => {
    if (code === 1) {
      begin(flash.erase(registers[0], registers[1]));
    } else if (code === 2) {
      const data = Uint8Array.from({ length: registers[2] }, (_, index) => mcu.readUint8(registers[1] + index));
      begin(flash.program(registers[0], data));
    } else if (code === 5) {
      const step = mcu.core.PM ? busy : Math.min(busy, POLL_CYCLES);
      busy -= step;
      clock.pass(step);
      registers[0] = busy ? 1 : 0;
    } else if (code >= 0x10 && code <= 0x26) {
      scientific(registers, code);
      clock.cycles += SCIENTIFIC_CYCLES;
    } else if (code === 3) {
      stop('bootloader');
    } else {
      stop(`fault: bkpt ${code} at ${(registers[15] - 2).toString(16)}, from ${registers[14].toString(16)}`);
    }
  };
}
