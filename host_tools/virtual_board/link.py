"""
Frames between the emulator (emulator/link.mjs) and the host, over a stream socket.

A frame is a header (length of the payload, kind, unit, value) and a payload.  The unit of a chip is its place in the
list of wirings.  The emulator speaks; the frames marked
with a question are answered by any number of the host's frames and END.  No emulated time passes in between.

From the emulator:
  t? the board ran for a turn; payload COUNTS         i? it would sleep for `value` ns; payload COUNTS
  c  output of the console                            m  mark `value`; payload COUNTS
  s? SPI chip `unit` selected                         x? as many bytes as the chip asked for: payload
  u? chip let go; payload: bytes since the last x     p? pin `unit` is now at payload[0]
  y? I2C chip `unit`: payload operation, byte         j? UART chip `unit`: payload baud rate (u32) and the bytes it got
  v? ADC input `unit` is converted
  w  I2S words of speaker `unit`                      n? microphone `unit` needs samples
  q  the end; payload COUNTS and the reason
From the host:
  c  input for the console, in `value` ns             d  `unit`: DTR on or off
  e  `value` ns of the sleep have passed              p  drive pin `unit` to payload[0] in `value` ns
  b  bytes for SPI chip `unit` to send, and after how many received ones (value) it wants to be asked
  y  I2C chip `unit`: whether it acknowledges, or the byte that it sends
  j  UART chip `unit` sends bytes in `value` ns       v  volts at ADC input `unit`
  a  samples of microphone `unit`                     r  press the reset button          q  end
"""

import socket
import struct
from dataclasses import dataclass

_HEADER = struct.Struct("<IcBHd")
_COUNTS = struct.Struct("<4d")
_END = _HEADER.pack(0, b".", 0, 0, 0)


@dataclass(frozen=True)
class Frame:
    """One frame; `kind` is its letter."""

    kind: str
    unit: int
    value: float
    payload: bytes


@dataclass(frozen=True)
class Counts:
    """What the board has counted since power on."""

    cycles: int  # of clk_sys, asleep or not
    busy_cycles: int  # of them, those in which the core executed instructions
    erased: int  # flash sectors of 4 KB
    programmed: int  # flash pages of 256 bytes

    @classmethod
    def unpack(cls, payload: bytes) -> "Counts":
        """The counts at the start of a payload."""
        return cls(*(int(count) for count in _COUNTS.unpack_from(payload)))


COUNTS_SIZE = _COUNTS.size


class LinkClosedError(Exception):
    """The emulator's process has ended."""


class Link:
    """The host's end.  One thread uses it."""

    def __init__(self, stream: socket.socket):
        self._stream = stream
        self._incoming = bytearray()
        self._outgoing = bytearray()

    def receive(self) -> Frame:
        """The next frame; LinkClosedError when the emulator has gone."""
        length, kind, unit, _, value = _HEADER.unpack(self._read(_HEADER.size))
        return Frame(kind.decode("ascii"), unit, value, self._read(length))

    def _read(self, count: int) -> bytes:
        while len(self._incoming) < count:
            try:
                chunk = self._stream.recv(65536)
            except ConnectionError:
                chunk = b""
            if not chunk:
                raise LinkClosedError("the emulator has gone")
            self._incoming += chunk
        part = bytes(self._incoming[:count])
        del self._incoming[:count]
        return part

    def add(self, kind: str, unit: int = 0, value: float = 0, payload: bytes = b"") -> None:
        """One frame of an answer."""
        self._outgoing += _HEADER.pack(len(payload), kind.encode("ascii"), unit, 0, value) + payload

    def is_receiving(self) -> bool:
        """Whether some of the next frame has come already."""
        return bool(self._incoming)

    def answer(self) -> None:
        """Send the answer: what was added since the last one."""
        self._outgoing += _END
        self.send()

    def send(self) -> None:
        """Send what was added, which answers nothing."""
        try:
            self._stream.sendall(self._outgoing)
        except ConnectionError:
            raise LinkClosedError("the emulator has gone")
        self._outgoing.clear()
