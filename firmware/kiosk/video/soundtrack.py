"""
The sound of a recording, from the microphone to its chunks: as it is, or as ADPCM; kept while a picture is being written.

Memory: 2 KB, and 512 bytes to hear with.
"""

from kiosk.media.adpcmencoder import Encoder
from kiosk.video import aviformat

_ROOM_BYTES = const(2048)  # 500 ms of ADPCM at 8 kHz: what is longer under way waits in the microphone's ring
_ZEROS = bytes(64)


class Soundtrack:
    """sound: aviformat.Sound, mono.  size (int): bytes that wait, whole blocks."""

    def __init__(self, sound):
        self._view = memoryview(bytearray(_ROOM_BYTES // sound.block * sound.block))
        self._encoder = Encoder(sound.block) if sound.tag == aviformat.ADPCM else None
        self._block = sound.block
        self.size = 0

    def put(self, samples) -> int:
        """Samples (memoryview of int16): how many bytes of them there was room for."""
        taken = 0
        while taken < len(samples) and self.size < len(self._view):
            part = samples[taken:]
            if self._encoder:
                taken += self._encoder.encode(self._view[self.size : self.size + self._block], part)
                if not self._encoder.missing:
                    self.size += self._block
            else:
                count = min(len(part), len(self._view) - self.size)
                self._view[self.size : self.size + count] = part[:count]
                self.size += count
                taken += count
        return taken

    def flush(self, writer) -> None:
        """What waits becomes a chunk (aviwriter.AviWriter)."""
        if self.size:
            size, self.size = self.size, 0
            writer.write_sound(self._view[:size])
            # The block that has begun goes on where it is.
            if self._encoder and size < len(self._view):
                self._view[: self._block] = self._view[size : size + self._block]

    def finish(self, writer) -> None:
        """There is no more: a block that has begun is filled up with silence, 63 ms of 8 kHz at most."""
        while self._encoder and self._encoder.missing:
            self.put(memoryview(_ZEROS)[: min(len(_ZEROS), 2 * self._encoder.missing)])
        self.flush(writer)
