"""
Lines that have a pace of their own, on the host's side of the emulator: UART to the board, I2S in both directions.

The pace is that of real time.  A program that does not keep up loses what it would lose on a board, but not at once: the
emulator's process may only have been held up by its host, so a line that finds a full or an empty buffer stands still
for `PATIENCE_NS` before bytes are lost or silence is played.
"""

import struct
from typing import Callable, List, Optional, Tuple

from host_tools.models.audio import Microphone, Speaker

PATIENCE_NS = 250e6
_TURN_NS = 4e6
_BITS_A_BYTE = 10  # UART: start, eight, stop
_SLOT_SHIFT = 8  # a microphone's 24 bits are the upper ones of its slot's 32


class _Line:
    """What is due at a rate, by the clock; and for how long the other side has been awaited."""

    def __init__(self, now_ns: Callable[[], float], call_in: Callable[[float, Callable[[], None]], None]):
        self._now_ns = now_ns
        self._call_in = call_in
        self._last_ns = 0.0
        self._standing_since_ns: Optional[float] = None
        self._turns = 0  # a turn that was called for a line which was closed meanwhile is not its

    def _start(self, first_ns: float = _TURN_NS) -> None:
        self._last_ns = self._now_ns()
        self._standing_since_ns = None
        self._turns += 1
        self._again(first_ns)

    def _stop(self) -> None:
        self._turns += 1

    def _again(self, in_ns: float) -> None:
        number = self._turns

        def turn() -> None:
            if number == self._turns:
                self._turn()

        self._call_in(in_ns, turn)

    def _turn(self) -> None:
        raise NotImplementedError

    def _due(self, rate: float) -> int:
        """How many have become due at so many a second."""
        count = int((self._now_ns() - self._last_ns) * rate / 1e9)
        self._last_ns += count * 1e9 / rate
        return count

    def _is_patient(self, due: int, count: int) -> bool:
        """Whether the line stands still because only `count` of what is due can be done."""
        now_ns = self._now_ns()
        if count:
            self._standing_since_ns = None
        if count == due:
            return False
        if self._standing_since_ns is None:
            self._standing_since_ns = now_ns
        return now_ns - self._standing_since_ns < PATIENCE_NS


class UartLine(_Line):
    """What a chip sends to the board: byte after byte at the board's rate, into a buffer of the board's."""

    def __init__(self, now_ns, call_in, deliver: Callable[[bytes], None]):
        super().__init__(now_ns, call_in)
        self.lost = 0  # bytes that found no room
        self._deliver = deliver
        self._waiting = bytearray()
        self._baud_hz = 0
        self._room = 0

    def open(self, baud_hz: int, capacity: int) -> None:
        """The board listens, with a buffer of so many bytes; or it no longer does (0)."""
        self._stop()
        self._baud_hz = baud_hz
        self._room = capacity
        self._waiting.clear()

    def taken(self, count: int) -> None:
        """The program has taken bytes out of the buffer."""
        self._room += count

    def send(self, data: bytes) -> None:
        """The chip begins to send; nobody hears it while the board does not listen."""
        if self._baud_hz:
            if not self._waiting:
                self._start(min(_TURN_NS, len(data) * _BITS_A_BYTE * 1e9 / self._baud_hz))
            self._waiting += data

    def _turn(self) -> None:
        due = min(self._due(self._baud_hz / _BITS_A_BYTE), len(self._waiting))
        count = min(due, self._room)
        if count:
            self._deliver(bytes(self._waiting[:count]))
            self._room -= count
        if self._is_patient(due, count):
            due = count
        self.lost += due - count
        del self._waiting[:due]
        if self._waiting:
            self._again(_TURN_NS)


class SpeakerLine(_Line):
    """I2S out of the board: what the program writes is played, and silence when it does not write."""

    def __init__(self, now_ns, call_in, speaker: Optional[Speaker], played: Callable[[int], None]):
        super().__init__(now_ns, call_in)
        self._speaker = speaker
        self._played = played
        self._waiting = bytearray()

    def open(self, rate_hz: int, bits: int, channels: int) -> None:
        """The line starts."""
        self._rate_hz, self._bits, self._channels = rate_hz, bits, channels
        self._frame = bits // 8 * channels
        self._waiting.clear()
        if self._speaker:
            self._speaker.start(rate_hz)
        self._start()

    def close(self) -> None:
        """The line stops; what was not played is lost, as on a board."""
        self._stop()

    def write(self, data: bytes) -> None:
        """The program writes."""
        self._waiting += data

    def _turn(self) -> None:
        due = self._due(self._rate_hz)
        count = min(due, len(self._waiting) // self._frame)
        if count:
            self._hear(bytes(self._waiting[: count * self._frame]))
            del self._waiting[: count * self._frame]
            self._played(count * self._frame)
        if not self._is_patient(due, count):
            self._hear(bytes((due - count) * self._frame))
        self._again(_TURN_NS)

    def _hear(self, data: bytes) -> None:
        if self._speaker is None or not data:
            return
        samples = [sample for (sample,) in struct.iter_unpack("<H" if self._bits == 16 else "<I", data)]
        if self._channels == 1:
            samples = [sample for sample in samples for _ in range(2)]
        words = (struct.pack("<BBI", index & 1, self._bits, sample) for index, sample in enumerate(samples))
        self._speaker.hear(self._now_ns(), b"".join(words))


class MicrophoneLine(_Line):
    """I2S into the board: what the microphones of both sides hear, and zeros on a side that has none."""

    def __init__(self, now_ns, call_in, microphones: List[Microphone], deliver: Callable[[bytes], None]):
        super().__init__(now_ns, call_in)
        self.lost = 0  # frames that found no room
        self._sides = [[each for each in microphones if each.side == side] for side in (0, 1)]
        self._heard: Tuple[List[int], List[int]] = ([], [])
        self._deliver = deliver

    def open(self, rate_hz: int, bits: int, channels: int, capacity: int) -> None:
        """The line starts; the program's buffer holds `capacity` bytes."""
        self._rate_hz, self._bits, self._channels = rate_hz, bits, channels
        self._frame = bits // 8 * channels
        self._room = capacity
        for heard, side in zip(self._heard, self._sides):
            heard.clear()
            for microphone in side:
                microphone.start(rate_hz)
        self._start()

    def close(self) -> None:
        """The line stops."""
        self._stop()

    def taken(self, count: int) -> None:
        """The program has taken bytes out of the buffer."""
        self._room += count

    def _turn(self) -> None:
        due = self._due(self._rate_hz)
        count = min(due, self._room // self._frame)
        if count:
            self._deliver(self._listen(count))
            self._room -= count * self._frame
        if not self._is_patient(due, count):
            self.lost += due - count
            self._listen(due - count)
        self._again(_TURN_NS)

    def _listen(self, count: int) -> bytes:
        for heard, side in zip(self._heard, self._sides):
            while len(heard) < count:
                heard += struct.unpack("<512i", side[0].listen()) if side else [0] * 512
        parts = [[sample << _SLOT_SHIFT for sample in heard[:count]] for heard in self._heard]
        for heard in self._heard:
            del heard[:count]
        samples = parts[0] if self._channels == 1 else [sample for pair in zip(*parts) for sample in pair]
        if self._bits == 16:
            return struct.pack(f"<{len(samples)}h", *(sample >> 16 for sample in samples))
        return struct.pack(f"<{len(samples)}i", *samples)
