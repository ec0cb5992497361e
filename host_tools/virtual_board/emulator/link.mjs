// Frames between the emulator and its host (link.py has the other end and the list of kinds).  Blocking on purpose:
// while the host or a model thinks, no emulated time passes.
import fs from 'fs';

const HEADER = 16; // u32 length of the payload, u8 kind, u8 unit, u16 0, f64 value
const END = '.'.charCodeAt(0);

export class Link {
  constructor(fd) {
    this.fd = fd;
    this.outgoing = [];
    this.incoming = Buffer.alloc(0);
    this.handlers = {}; // kind -> (unit, value, payload) => void
    this.nanos = () => 0;
  }

  /** Hear of frames of a kind (one letter). */
  on(kind, handler) {
    this.handlers[kind.charCodeAt(0)] = handler;
  }

  /** One frame that needs no answer; it goes with the next question. */
  tell(kind, unit, value, payload = Buffer.alloc(0)) {
    const header = Buffer.alloc(HEADER);
    header.writeUInt32LE(payload.length, 0);
    header[4] = kind.charCodeAt(0);
    header[5] = unit;
    header.writeDoubleLE(value, 8);
    this.outgoing.push(header, payload);
  }

  /** One frame whose answer is awaited: any number of frames, handed to their handlers. */
  ask(kind, unit, value, payload) {
    this.tell(kind, unit, value, payload);
    this.flush();
    for (;;) {
      const header = this.read(HEADER);
      const payload = this.read(header.readUInt32LE(0));
      if (header[4] === END) {
        return;
      }
      this.handlers[header[4]](header[5], header.readDoubleLE(8), payload);
    }
  }

  flush() {
    const data = Buffer.concat(this.outgoing);
    this.outgoing = [];
    try {
      for (let sent = 0; sent < data.length; ) {
        sent += fs.writeSync(this.fd, data, sent);
      }
    } catch (error) {
      this.gone(error.code === 'EPIPE' ? null : error);
    }
  }

  read(count) {
    while (this.incoming.length < count) {
      const chunk = Buffer.allocUnsafe(65536);
      const length = fs.readSync(this.fd, chunk, 0, chunk.length, null);
      if (!length) {
        this.gone(null);
      }
      this.incoming = Buffer.concat([this.incoming, chunk.subarray(0, length)]);
    }
    const part = this.incoming.subarray(0, count);
    this.incoming = this.incoming.subarray(count);
    return part;
  }

  /** The host is gone, and with it whoever could want this board. */
  gone(error) {
    if (error) {
      throw error;
    }
    process.exit(0);
  }
}
