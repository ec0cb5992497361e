// The other end of the USB cable: a host that enumerates the board, finds its CDC interface and exchanges bytes with it.
// Unlike rp2040js's own, it answers an OUT endpoint only when there is data (NAK until then), and it has a DTR line.

const DESCRIPTOR_INTERFACE = 4;
const DESCRIPTOR_ENDPOINT = 5;
const CLASS_CDC_DATA = 10;
const PACKET_MICROS = 50; // 64 bytes at full speed, with what goes around them
const DTR_AND_RTS = 3;

/** The bulk endpoints of the CDC data interface: { in, out }. */
function findEndpoints(descriptors) {
  const found = {};
  let inside = false;
  for (let at = 0; at < descriptors.length && descriptors[at] > 1; at += descriptors[at]) {
    if (descriptors[at + 1] === DESCRIPTOR_INTERFACE) {
      inside = descriptors[at + 5] === CLASS_CDC_DATA;
    } else if (inside && descriptors[at + 1] === DESCRIPTOR_ENDPOINT) {
      const address = descriptors[at + 2];
      found[address & 0x80 ? 'in' : 'out'] = address & 0xf;
    }
  }
  return found;
}

export class UsbHost {
  constructor(usb, clock, onData) {
    this.usb = usb;
    this.onData = onData;
    this.input = Buffer.alloc(0); // for the board
    this.line = false; // DTR, as the host's program wants it
    this.advancing = clock.createAlarm(() => this.advance());
    this.disconnect();
    usb.readDelayMicroseconds = PACKET_MICROS;
    usb.writeDelayMicroseconds = PACKET_MICROS;
    usb.onUSBEnabled = () => usb.resetDevice();
    usb.onResetReceived = () => {
      this.disconnect();
      this.request('address', 0x00, 5, 1, 0); // SET_ADDRESS
    };
    usb.onEndpointWrite = (endpoint, data) => this.received(endpoint, data);
    usb.onEndpointRead = (endpoint, size) => {
      if (endpoint === 0) {
        usb.endpointReadDone(0, new Uint8Array(0)); // the status stage of a request that brought data
        this.requestDone();
      } else if (endpoint === this.endpoints.out) {
        this.room = size;
        this.feed();
      }
    };
  }

  disconnect() {
    this.endpoints = {};
    this.room = 0; // bytes that the armed OUT endpoint takes
    this.stage = 'none';
    this.lineSent = false;
    this.advancing.cancel();
  }

  request(stage, type, request, value, length) {
    this.stage = stage;
    this.answer = [];
    const words = [value, 0, length].flatMap((word) => [word & 0xff, word >> 8]);
    this.usb.sendSetupPacket(Uint8Array.from([type, request, ...words]));
  }

  received(endpoint, data) {
    if (endpoint === 0) {
      this.answer.push(...data);
      if (!data.length) {
        this.requestDone(); // the status stage of a request without data
      }
    } else if (endpoint === this.endpoints.in && data.length) {
      this.onData(data);
    }
  }

  /** The board is given the time to hear of it before the next request. */
  requestDone() {
    this.advancing.schedule(2000 * PACKET_MICROS);
  }

  /** The next step of the enumeration. */
  advance() {
    const { stage, answer } = this;
    if (stage === 'address') {
      this.request('header', 0x80, 6, 0x200, 9); // GET_DESCRIPTOR, the configuration's length
    } else if (stage === 'header') {
      this.request('descriptors', 0x80, 6, 0x200, answer[2] | (answer[3] << 8));
    } else if (stage === 'descriptors') {
      this.endpoints = findEndpoints(answer);
      this.request('configuration', 0x00, 9, 1, 0); // SET_CONFIGURATION
    } else {
      this.stage = 'ready';
      this.updateLine();
    }
  }

  updateLine() {
    if (this.stage === 'ready' && this.line !== this.lineSent) {
      this.lineSent = this.line;
      this.request('line', 0x21, 0x22, this.line ? DTR_AND_RTS : 0, 0); // SET_CONTROL_LINE_STATE
    }
  }

  setLine(on) {
    this.line = on;
    this.updateLine();
  }

  write(data) {
    this.input = Buffer.concat([this.input, data]);
    this.feed();
  }

  feed() {
    if (this.room && this.input.length) {
      const part = this.input.subarray(0, this.room);
      this.input = this.input.subarray(part.length);
      this.room = 0;
      this.usb.endpointReadDone(this.endpoints.out, Uint8Array.from(part));
    }
  }
}
