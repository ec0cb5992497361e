// node main.mjs SETTINGS: runs the board for the host at the other end of a socket (board.py).
//
// SETTINGS is JSON: link (the socket's descriptor), rom, flash (paths), cutAfter (flash operations, or null), torn (a
// seed, or null), trace (path or null), names ([[pin, chip, name]]), watch ([pin]), and what is wired, by kind and each
// with its `unit`: spi ({bus, cs, pins}), i2c ({bus, address, pins}), uart ({bus, pins}), analog ({pin}),
// speakers ({sck, ws, sd}), microphones (the same, and side);
// probes ([address]).
import fs from 'fs';
import { Board } from './board.mjs';
import { Flash } from './flash.mjs';
import { Link } from './link.mjs';
import { Trace } from './trace.mjs';

const TURN_NANOS = 1e6; // how long the board runs before it looks at the host again

const settings = JSON.parse(process.argv[2]);
const image = fs.readFileSync(settings.rom);
const rom = new Uint32Array(4096);
new Uint8Array(rom.buffer).set(image);
const flash = new Flash(settings.flash, settings.cutAfter, settings.torn);
const link = new Link(settings.link);
const trace = settings.trace ? new Trace(settings.trace, settings.names) : null;
let board = new Board(settings, rom, flash, link, trace, null);
let slept = 0; // nanoseconds of a sleep that have passed, as the host says

function later(delayNanos, action) {
  if (delayNanos > 0) {
    board.clock.createAlarm(action).schedule(delayNanos);
  } else {
    action();
  }
}

link.on('c', (unit, delay, data) => later(delay, () => board.usb.write(data)));
link.on('d', (level) => board.usb.setLine(!!level));
link.on('e', (unit, nanos) => (slept = nanos));
link.on('p', (pin, delay, data) => board.pins.drive(pin, !!data[0], delay));
link.on('b', (unit, askAfter, data) => board.units[unit].prepared(askAfter, data));
link.on('a', (unit, rate, data) => board.units[unit].feed(data));
link.on('y', (unit, answer) => (board.units[unit].answer = answer));
link.on('v', (unit, volts) => (board.units[unit].answer = volts));
link.on('j', (unit, delay, data) => later(delay, () => board.units[unit].receive(data)));
link.on('r', () => board.end('reset'));
link.on('q', () => board.end('off'));

function reset() {
  const line = board.usb.line;
  board = new Board(settings, rom, flash, link, trace, board);
  board.usb.setLine(line);
}

/** Run for a turn; then let the host in, for as long as the core would sleep. */
function turn() {
  const { clock, mcu } = board;
  board.run(clock.cycles + TURN_NANOS / clock.cycleNanos);
  for (const unit of board.units) {
    unit?.flush?.(link, board.nanos());
  }
  trace?.flush(board.nanos());
  if (board.ended !== null) {
    return;
  }
  if (!mcu.core.waiting) {
    link.ask('t', 0, board.nanos(), board.counts());
    return;
  }
  const cycles = clock.next - clock.cycles; // Infinity: until the host has something
  slept = 0;
  link.ask('i', 0, cycles * clock.cycleNanos, board.counts());
  const whole = slept >= cycles * clock.cycleNanos;
  clock.pass(whole ? cycles : Math.min(cycles, Math.floor(slept / clock.cycleNanos)));
}

while (board.ended === null || board.ended === 'reset') {
  if (board.ended) {
    reset();
  }
  turn();
}
trace?.close(board.nanos());
link.tell('q', 0, board.nanos(), Buffer.concat([board.counts(), Buffer.from(board.ended)]));
link.flush();
