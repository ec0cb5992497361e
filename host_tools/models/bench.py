"""
The bench on which the emulator stands: a thread that answers for the models wired to it.

The emulator's `machine` speaks the frames of host_tools/virtual_board/link.py over a socket (boards/UNIX/machine/wires.c).

From the emulator, a question where marked; the board waits for the answer, as a core does on its bus:
  h? the board has started: which pins are driven?   p? pin `unit` is now at payload[0]
  s? SPI bus `unit`, payload out                     i? I2C bus `unit`, value: address | 0x80 read | 0x100 stop
  v? voltage at pin `unit`                           m  pulses at pin `unit`: value Hz, payload: share of the time (double)
  r  UART `unit` listens: value baud, payload room   u  UART `unit` sends payload     k  ... has taken `value` bytes
  o  I2S `unit` runs: value rate, payload settings   w  I2S `unit` plays payload      n  ... has taken `value` bytes
To the emulator:
  p  a model drives pin `unit` to payload[0]         b  of an answer: value, bytes
  u  bytes for UART `unit`                           a  samples for I2S `unit`        k  I2S `unit` has played `value` bytes

Time is the host's.  A model may be used from any thread: what it does to its wires is done by the bench's own.
"""

import heapq
import itertools
import select
import socket
import struct
import threading
import time
import traceback
from typing import Callable, Dict, List, Optional, Sequence, Tuple

from host_tools.models.audio import Microphone, Speaker
from host_tools.models.buses import I2cBus, SpiChip
from host_tools.models.lines import MicrophoneLine, SpeakerLine, UartLine
from host_tools.models.wires import Wires
from host_tools.models.wiring import AnalogWiring, I2cWiring, I2sWiring, SpiWiring, UartWiring, Wiring, check
from host_tools.virtual_board.link import Frame, Link, LinkClosedError

_BUSES = (0, 1)
_PATIENCE_S = 5
_UART_ROOM = struct.Struct("<I")
_I2S_SETTINGS = struct.Struct("<7I")  # sends, bits, channels, sck, ws, sd, room
_QUESTIONS = "hpsiv"


class Bench:
    """A board's surroundings.  `end` is called, in the bench's thread, when a model has raised: the run is over.

    theirs: the emulator's end of the socket.  failure: what the model has raised.
    """

    def __init__(self, wirings: Sequence[Wiring], end: Callable[[], None]):
        self.failure: Optional[str] = None
        self._ours, self.theirs = socket.socketpair()
        self._wake, self._woken = socket.socketpair()
        self._link = Link(self._ours)
        self._end = end
        self._start_ns = time.monotonic_ns()
        self._due: List[Tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._lock = threading.Lock()
        self._driven: Dict[int, int] = {}  # pin -> level
        self._is_connected = False
        self._thread = threading.Thread(target=self._serve, name="models", daemon=True)
        self._wire(list(wirings))

    def _wire(self, wirings: List[Wiring]) -> None:
        for wiring in wirings:
            check(wiring)
        self._wirings = wirings
        self._chips: List[Tuple[SpiWiring, SpiChip]] = [
            (wiring, SpiChip(wiring.model)) for wiring in wirings if isinstance(wiring, SpiWiring)
        ]
        self._i2c = [
            I2cBus([each for each in wirings if isinstance(each, I2cWiring) and each.bus == bus]) for bus in _BUSES
        ]
        self._analog = {wiring.pin: wiring.model for wiring in wirings if isinstance(wiring, AnalogWiring)}
        self._audio = [wiring for wiring in wirings if isinstance(wiring, I2sWiring)]
        self._uarts = [UartLine(self.now_ns, self._call_in, self._tell("u", unit)) for unit in _BUSES]
        self._i2s: Dict[int, object] = {}
        for wiring in wirings:
            if not isinstance(wiring, (I2sWiring, AnalogWiring)):
                wiring.model.attach(self._wires(wiring))

    def start(self) -> None:
        """The emulator has been given its end: serve it."""
        self.theirs.close()
        self._thread.start()

    def now_ns(self) -> float:
        """Nanoseconds since the bench was set up."""
        return float(time.monotonic_ns() - self._start_ns)

    def close(self) -> None:
        """The emulator has ended."""
        self._wake.close()
        if self._thread.is_alive() and self._thread is not threading.current_thread():
            self._thread.join(_PATIENCE_S)  # a model that does not come back is left behind
        for each in (self._ours, self.theirs, self._woken):
            each.close()

    # What a model may do, from any thread.

    def _wires(self, wiring: Wiring) -> Wires:
        def drive(name: str, level: int, delay_ns: float = 0) -> None:
            pin = wiring.pins[name]
            self._do(delay_ns, lambda: self._drive(pin, level))

        def send(data: bytes, delay_ns: float = 0) -> None:
            self._do(delay_ns, lambda: self._uarts[wiring.bus].send(data))

        return Wires(drive, self.now_ns, send if isinstance(wiring, UartWiring) else None)

    def _do(self, delay_ns: float, action: Callable[[], None]) -> None:
        is_ours = threading.current_thread() is self._thread or not self._thread.is_alive()
        if delay_ns <= 0 and is_ours:
            action()
            return
        self._call_in(delay_ns, action)
        if not is_ours:
            self._wake.send(b"!")

    def _call_in(self, delay_ns: float, action: Callable[[], None]) -> None:
        with self._lock:
            heapq.heappush(self._due, (self.now_ns() + delay_ns, next(self._numbers), action))

    def _drive(self, pin: int, level: int) -> None:
        if self._driven.get(pin) != level:
            self._driven[pin] = level
            if self._is_connected:
                self._link.add("p", pin, 0, bytes([level]))

    def _tell(self, kind: str, unit: int) -> Callable[[bytes], None]:
        return lambda data: self._link.add(kind, unit, 0, data)

    # The bench's own thread.

    def _serve(self) -> None:
        try:
            while True:
                self._turn()
        except LinkClosedError:
            return  # the emulator has ended, or close() is ending it
        except Exception as error:  # noqa: BLE001  a supervisor: a model's bug ends the run, which then says so
            traceback.print_exc()
            self.failure = f"a model failed: {error!r}"
            self._end()

    def _turn(self) -> None:
        wait_s = max(0.0, (self._due[0][0] - self.now_ns()) / 1e9) if self._due else None
        ready = select.select([self._ours, self._woken], [], [], wait_s)[0]
        if self._woken in ready and not self._woken.recv(4096):
            raise LinkClosedError("closed")
        while self._due and self._due[0][0] <= self.now_ns():
            with self._lock:
                action = heapq.heappop(self._due)[2]
            action()
        self._link.send()
        if self._ours in ready:
            self._handle(self._link.receive())
            while self._link.is_receiving():
                self._handle(self._link.receive())

    def _handle(self, frame: Frame) -> None:
        handlers = {
            "h": self._started,
            "p": self._pin,
            "s": self._spi,
            "i": self._i2c_transfer,
            "v": self._volts,
            "m": self._pulses,
            "r": self._uart_opened,
            "u": self._uart_sent,
            "k": lambda frame: self._uarts[frame.unit].taken(int(frame.value)),
            "o": self._i2s_opened,
            "w": lambda frame: self._i2s[frame.unit].write(frame.payload),
            "n": lambda frame: self._i2s[frame.unit].taken(int(frame.value)),
        }
        handlers[frame.kind](frame)
        if frame.kind in _QUESTIONS:
            self._link.answer()
        else:
            self._link.send()

    def _started(self, _: Frame) -> None:
        """Also after a reset, which the chips do not hear of but by their wires."""
        for _, chip in self._chips:
            chip.set_select(1)
        for bus in self._i2c:
            bus.stop()
        for uart in self._uarts:
            uart.open(0, 0)
        for line in self._i2s.values():
            line.close()
        self._i2s.clear()
        self._is_connected = True
        for pin, level in self._driven.items():
            self._link.add("p", pin, 0, bytes([level]))

    def _pin(self, frame: Frame) -> None:
        level = frame.payload[0]
        for wiring, chip in self._chips:
            if wiring.cs == frame.unit:
                chip.set_select(level)
        for model, name in self._named(frame.unit):
            model.pin_changed(name, level)

    def _named(self, pin: int):
        """The models that have a pin of theirs there, and what they call it."""
        for wiring in self._wirings:
            for name, number in getattr(wiring, "pins", {}).items():
                if number == pin:
                    yield wiring.model, name

    def _pulses(self, frame: Frame) -> None:
        for model, name in self._named(frame.unit):
            model.pin_pulses(name, frame.value, struct.unpack("<d", frame.payload)[0])

    def _spi(self, frame: Frame) -> None:
        chips = (chip for wiring, chip in self._chips if wiring.bus == frame.unit and chip.selected)
        chip = next(chips, None)
        miso = chip.exchange(frame.payload) if chip else b"\xff" * len(frame.payload)
        self._link.add("b", 0, 0, miso)

    def _i2c_transfer(self, frame: Frame) -> None:
        what = int(frame.value)
        bus, address, stop = self._i2c[frame.unit], what & 0x7F, bool(what & 0x100)
        if what & 0x80:
            count = int.from_bytes(frame.payload, "little")
            data = bus.read(address, count, stop)
            missing = data is None
            self._link.add("b", 0, bus.NOBODY if missing else count, b"" if missing else data)
        else:
            self._link.add("b", 0, bus.write(address, frame.payload, stop))

    def _volts(self, frame: Frame) -> None:
        model = self._analog.get(frame.unit)
        self._link.add("b", 0, model.volts(self.now_ns()) if model else 0)

    def _uart_opened(self, frame: Frame) -> None:
        room = _UART_ROOM.unpack(frame.payload)[0] if frame.payload else 0
        self._uarts[frame.unit].open(int(frame.value), room)

    def _uart_sent(self, frame: Frame) -> None:
        for wiring in self._wirings:
            if isinstance(wiring, UartWiring) and wiring.bus == frame.unit:
                wiring.model.receive(frame.payload, int(frame.value))

    def _i2s_opened(self, frame: Frame) -> None:
        before = self._i2s.pop(frame.unit, None)
        if before:
            before.close()
        if not frame.payload:
            return
        sends, bits, channels, sck, ws, sd, room = _I2S_SETTINGS.unpack(frame.payload)
        ends = [wiring.model for wiring in self._audio if (wiring.sck, wiring.ws, wiring.sd) == (sck, ws, sd)]
        rate_hz = int(frame.value)
        if sends:
            speakers = [each for each in ends if isinstance(each, Speaker)]
            played = lambda count: self._link.add("k", frame.unit, count)  # noqa: E731
            line = SpeakerLine(self.now_ns, self._call_in, speakers[0] if speakers else None, played)
            line.open(rate_hz, bits, channels)
        else:
            microphones = [each for each in ends if isinstance(each, Microphone)]
            line = MicrophoneLine(self.now_ns, self._call_in, microphones, self._tell("a", frame.unit))
            line.open(rate_hz, bits, channels, room)
        self._i2s[frame.unit] = line
