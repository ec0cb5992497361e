"""What the models of Everest's codecs share: registers over I2C, and I2S that passes only while they are set for it."""

import struct
from typing import Dict, List, Optional, Sequence

from host_tools.models.audio import Microphone, Speaker
from host_tools.models.wires import I2cModel

_WORD = struct.Struct("<BBI")
_LISTENED_BYTES = 512 * 4
_TOLERANCE = 0.03  # of a clock: what a PWM is off by
_MEASURED_NS = 20e6  # how long a line must have run for its rate to be known by the times
_SLOT_BITS = 32  # of the slots that boards hear


class EsCodec(I2cModel):
    """registers (dict): number -> value.  There are no others: a write or read elsewhere is a fault of the driver's.

    speaker, microphone: the two ends of the I2S line, to be wired like those of audio.py.  mclk_hz: what is on the pin MCLK;
    the emulator's PWM says it by itself when the wiring has a pin "mclk".  is_there: whether anybody answers.
    """

    defaults: Dict[int, int] = {}

    def __init__(self, samples: Sequence[int] = (), rate_hz: Optional[int] = None, mclk_hz: float = 0.0):
        """samples: what the microphone hears, 16 bits; rate_hz: see Microphone."""
        self.registers = dict(self.defaults)
        self.mclk_hz = mclk_hz
        self.is_there = True
        self.speaker = _Dac(self)
        self.microphone = _Adc(self, samples, rate_hz)
        self._pointer: Optional[int] = None

    def pin_pulses(self, name: str, freq_hz: float, duty: float) -> None:
        """MCLK runs, or stands still."""
        self.mclk_hz = freq_hz if duty else 0.0

    def start(self, reading: bool) -> bool:
        """Addressed."""
        if not reading:
            self._pointer = None
        return self.is_there

    def write(self, value: int) -> bool:
        """A register's number, then what goes there and behind it."""
        if self._pointer is None:
            self._pointer = value
        else:
            self._known()
            self.set_register(self._pointer, value)
            self._pointer += 1
        return True

    def read(self) -> int:
        """What is in the register and those behind it."""
        self._known()
        value = self.registers[self._pointer]
        self._pointer += 1
        return value

    def stop(self) -> None:
        """Nothing follows from it."""

    def _known(self) -> None:
        if self._pointer not in self.registers:
            raise ValueError(f"{type(self).__name__} has no register {self._pointer}")

    def set_register(self, number: int, value: int) -> None:
        """A register is written."""
        self.registers[number] = value

    def dac_gain(self, slot_bits: int, rate_hz: Optional[float]) -> float:
        """What a sample is multiplied with on its way out: 0 while anything is wrong.  rate_hz: None if it is not known yet."""
        raise NotImplementedError

    def adc_gain(self, slot_bits: int, rate_hz: Optional[float]) -> float:
        """The same for what comes in."""
        raise NotImplementedError


def is_near(hz: float, wanted_hz: Optional[float]) -> bool:
    """Whether a clock is what it should be; nobody can tell while the rate is not known."""
    return wanted_hz is None or abs(hz - wanted_hz) <= wanted_hz * _TOLERANCE


def gain(decibels: float) -> float:
    """Of an amplitude."""
    return 10 ** (decibels / 20)


class _Dac(Speaker):
    """Hears what the registers let through; the rest is silence."""

    def __init__(self, codec: EsCodec):
        super().__init__()
        self._codec = codec
        self._rate_hz: Optional[float] = None
        self._since_ns = self._heard_ns = 0.0
        self._count = 0

    def start(self, rate_hz: int) -> None:
        super().start(rate_hz)
        self._rate_hz = rate_hz

    def hear(self, now_ns: float, batch: bytes) -> None:
        words = list(_WORD.iter_unpack(batch))
        factor = self._codec.dac_gain(words[0][1], self._rate_hz or self._measure(now_ns, len(words)))
        passed: List[bytes] = []
        for side, bits, value in words:
            signed = value - (1 << bits) if value >> (bits - 1) else value
            limit = (1 << (bits - 1)) - 1
            louder = max(-limit - 1, min(limit, int(signed * factor)))
            passed.append(_WORD.pack(side, bits, louder & ((1 << bits) - 1)))
        super().hear(now_ns, b"".join(passed))

    def _measure(self, now_ns: float, count: int) -> Optional[float]:
        """The rate by the times, where the line does not say it."""
        if now_ns - self._heard_ns > _MEASURED_NS:
            self._since_ns, self._count = now_ns, -count  # it has begun anew, and this came before
        self._heard_ns = now_ns
        self._count += count
        passed_ns = now_ns - self._since_ns
        return self._count / 2 * 1e9 / passed_ns if passed_ns > _MEASURED_NS else None


class _Adc(Microphone):
    """Says what is to be heard as long as the registers let it through, and does not go on meanwhile."""

    def __init__(self, codec: EsCodec, samples: Sequence[int], rate_hz: Optional[int]):
        super().__init__([sample << 8 for sample in samples], 0, rate_hz)
        self._codec = codec
        self._line_hz: Optional[int] = None

    def start(self, rate_hz: int) -> None:
        super().start(rate_hz)
        self._line_hz = rate_hz

    def listen(self) -> bytes:
        factor = self._codec.adc_gain(_SLOT_BITS, self._line_hz)
        if not factor:
            return bytes(_LISTENED_BYTES)
        samples = struct.iter_unpack("<i", super().listen())
        return b"".join(
            struct.pack("<i", max(-(1 << 23), min((1 << 23) - 1, int(each * factor)))) for (each,) in samples
        )
