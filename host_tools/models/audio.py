"""The two ends of an I2S line: a DAC with a loudspeaker that records what it plays, and a microphone that hears a WAV."""

import struct
import wave
from pathlib import Path
from typing import List, Sequence, Tuple

_WORD = struct.Struct("<BBI")
_BATCH = 512
_MICROPHONE_BITS = 24


class Speaker:
    """What a MAX98357A hears: words of 16 to 32 bits, left first.

    words: (side, bits, value) as they came, side 0 is left; value is signed.
    """

    def __init__(self):
        self.words: List[Tuple[int, int, int]] = []
        self.first_ns = 0.0
        self.last_ns = 0.0  # of the last word but those of its batch (at most 1 ms)

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

    def save(self, path: Path, rate_hz: int) -> None:
        """Write what was heard as a WAV file of 16 bits, two channels."""
        pairs = zip(self.side(0), self.side(1))
        with wave.open(str(path), "wb") as file:
            file.setnchannels(2)
            file.setsampwidth(2)
            file.setframerate(rate_hz)
            shift = max(0, self.words[0][1] - 16) if self.words else 0
            file.writeframes(b"".join(struct.pack("<hh", left >> shift, right >> shift) for left, right in pairs))


class Microphone:
    """An INMP441: 24 bits in slots of 32, on the left (0) or right (1) side.  After its samples it hears silence."""

    def __init__(self, samples: Sequence[int] = (), side: int = 0):
        self.samples = samples  # 24 bits, signed
        self.side = side
        self._position = 0

    @classmethod
    def from_wav(cls, path: Path, side: int = 0) -> "Microphone":
        """A microphone that hears the first channel of a WAV file of 16 bits."""
        with wave.open(str(path), "rb") as file:
            if file.getsampwidth() != 2:
                raise ValueError(f"{path}: not 16 bits a sample")
            frames = file.readframes(file.getnframes())
            first = struct.unpack(f"<{len(frames) // 2}h", frames)[:: file.getnchannels()]
        return cls([sample << (_MICROPHONE_BITS - 16) for sample in first], side)

    def listen(self) -> bytes:
        """The next samples, as the emulator takes them."""
        part = list(self.samples[self._position : self._position + _BATCH])
        self._position += len(part)
        part += [0] * (_BATCH - len(part))
        return struct.pack(f"<{_BATCH}i", *part)
