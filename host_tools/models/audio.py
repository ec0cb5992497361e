"""The two ends of an I2S line: a DAC with a loudspeaker that records what it plays, and a microphone that hears a WAV."""

import struct
import wave
from pathlib import Path
from typing import List, Optional, Sequence, Tuple

_WORD = struct.Struct("<BBI")
_BATCH = 512
_MICROPHONE_BITS = 24
_RATES_HZ = (8000, 11025, 12000, 16000, 22050, 24000, 32000, 44100, 48000, 88200, 96000)


class Speaker:
    """What a MAX98357A hears: words of 16 to 32 bits, left first.

    words: (side, bits, value) as they came, side 0 is left; value is signed.
    """

    def __init__(self):
        self.words: List[Tuple[int, int, int]] = []
        self.first_ns = 0.0
        self.last_ns = 0.0  # of the last word but those of its batch (at most 1 ms)
        self._starts: List[Tuple[int, int]] = []  # (number of words before, rate), where the line says its rate

    def start(self, rate_hz: int) -> None:
        """The line starts, at a rate that it knows.  The virtual board's does not: there it is in the times."""
        self._starts.append((len(self.words), rate_hz))

    def hear(self, now_ns: float, batch: bytes) -> None:
        """Words that have come over the line; `now_ns` is when the last of them ended."""
        if not self.words:
            self.first_ns = now_ns
        self.last_ns = now_ns
        for side, bits, value in _WORD.iter_unpack(batch):
            self.words.append((side, bits, value - (1 << bits) if value >> (bits - 1) else value))

    def side(self, side: int) -> List[int]:
        """The samples of one side."""
        return [value for which, _, value in self.words if which == side]

    def rate_hz(self) -> int:
        """The rate at which the line began; 16 kHz if nothing was ever played."""
        if self._starts:
            return self._starts[0][1]
        if self.last_ns <= self.first_ns:
            return 16000
        measured = len(self.words) / 2 * 1e9 / (self.last_ns - self.first_ns)
        return min(_RATES_HZ, key=lambda rate_hz: abs(rate_hz - measured))

    def save(self, path: Path, rate_hz: int = 0) -> None:
        """Write what was heard as a WAV file of 16 bits, two channels; by default at the rate at which the line began."""
        rate_hz = rate_hz or self.rate_hz()
        starts = self._starts or [(0, rate_hz)]
        ends = [start for start, _ in starts[1:]] + [len(self.words)]
        with wave.open(str(path), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            for (start, from_hz), end in zip(starts, ends):
                words = self.words[start:end]
                sides = [
                    [value >> max(0, bits - 16) for side, bits, value in words if side == which] for which in (0, 1)
                ]
                pairs = zip(*(_at_rate(side, from_hz, rate_hz) for side in sides))
                file.writeframes(b"".join(struct.pack("<hh", *pair) for pair in pairs))


class Microphone:
    """An INMP441: 24 bits in slots of 32, on the left (0) or right (1) side.  After its samples it hears silence.

    rate_hz: of the samples, so that a line of another rate hears them at their pitch; None: sample by sample at any.
    """

    def __init__(self, samples: Sequence[int] = (), side: int = 0, rate_hz: Optional[int] = None):
        self.samples = samples  # 24 bits, signed
        self.side = side
        self._rate_hz = rate_hz
        self._line = samples
        self._position = 0

    @classmethod
    def from_wav(cls, path: Path, side: int = 0) -> "Microphone":
        """A microphone that hears the first channel of a WAV file of 16 bits."""
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                raise ValueError(f"{path}: not 16 bits a sample")
            frames = file.readframes(file.getnframes())
            first = struct.unpack(f"<{len(frames) // 2}h", frames)[:: file.getnchannels()]
            return cls([sample << (_MICROPHONE_BITS - 16) for sample in first], side, file.getframerate())

    def start(self, rate_hz: int) -> None:
        """The line is opened: what is to be heard begins again."""
        self._position = 0
        self._line = _at_rate(self.samples, self._rate_hz or rate_hz, rate_hz)

    def listen(self) -> bytes:
        """The next samples, as the emulator takes them."""
        part = list(self._line[self._position : self._position + _BATCH])
        self._position += len(part)
        part += [0] * (_BATCH - len(part))
        return struct.pack(f"<{_BATCH}i", *part)


class Sph0645(Microphone):
    """A Knowles SPH0645LM4H: 18 bits of the 24, and an offset (of 24 bits) in all that it says.

    Source: SPH0645LM4H-B data sheet, revision B; the offset is no fixed value there, so it is whatever a test says.
    """

    def __init__(
        self, samples: Sequence[int] = (), side: int = 0, rate_hz: Optional[int] = None, offset: int = -1 << 20
    ):
        super().__init__(samples, side, rate_hz)
        self._offset = offset

    def listen(self) -> bytes:
        """The next samples: its last six bits are zero."""
        limit = 1 << (_MICROPHONE_BITS - 1)
        said = (each + self._offset for (each,) in struct.iter_unpack("<i", super().listen()))
        return b"".join(struct.pack("<i", max(-limit, min(limit - 1, each)) & ~0x3F) for each in said)


def _at_rate(samples: Sequence[int], from_hz: int, to_hz: int) -> Sequence[int]:
    """Samples of another rate, on straight lines between those that there are."""
    if from_hz == to_hz or not samples:
        return samples
    found = []
    for index in range(len(samples) * to_hz // from_hz):
        at, rest = divmod(index * from_hz, to_hz)
        after = samples[min(at + 1, len(samples) - 1)]
        found.append(samples[at] + (after - samples[at]) * rest // to_hz)
    return found
