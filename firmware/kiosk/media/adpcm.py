"""
IMA ADPCM as WAV files have it: blocks that begin with a sample of each channel, 4 bits for each after it.

Source: IMA Digital Audio Focus and Technical Working Groups, "Recommended Practices", revision 3.00; "New Multimedia Data
Types and Data Techniques", Microsoft, 1994, chapter "IMA ADPCM Wave Type".  Compiled on the device, as pcm.py is.
"""

import struct
from array import array

import micropython

import kiosk
from kiosk.errors import KioskError

LARGEST_BLOCK = 8192  # bytes, held in memory; encoders make 256 to 4096

# the 89 sizes of a step, little-endian
STEPS = (
    b"\x07\x00\x08\x00\x09\x00\x0a\x00\x0b\x00\x0c\x00\x0d\x00\x0e\x00\x10\x00\x11\x00\x13\x00\x15\x00\x17\x00\x19\x00"
    b"\x1c\x00\x1f\x00\x22\x00\x25\x00\x29\x00\x2d\x00\x32\x00\x37\x00\x3c\x00\x42\x00\x49\x00\x50\x00\x58\x00\x61\x00"
    b"\x6b\x00\x76\x00\x82\x00\x8f\x00\x9d\x00\xad\x00\xbe\x00\xd1\x00\xe6\x00\xfd\x00\x17\x01\x33\x01\x51\x01\x73\x01"
    b"\x98\x01\xc1\x01\xee\x01\x20\x02\x56\x02\x92\x02\xd4\x02\x1c\x03\x6c\x03\xc3\x03\x24\x04\x8e\x04\x02\x05\x83\x05"
    b"\x10\x06\xab\x06\x56\x07\x12\x08\xe0\x08\xc3\x09\xbd\x0a\xd0\x0b\xff\x0c\x4c\x0e\xba\x0f\x4c\x11\x07\x13\xee\x14"
    b"\x06\x17\x54\x19\xdc\x1b\xa5\x1e\xb6\x21\x15\x25\xca\x28\xdf\x2c\x5b\x31\x4b\x36\xb9\x3b\xb2\x41\x44\x48\x7e\x4f"
    b"\x71\x57\x2f\x60\xce\x69\x62\x74\xff\x7f"
)

_VIPER = """
@micropython.viper
def decode(words: ptr16, data: ptr8, steps: ptr16, state: ptr32, count: int):
    first = int(state[4])
    channels = int(state[5])
    channel = 0
    while channel < channels:
        sample = int(state[channel + channel]) - 32768
        index = int(state[channel + channel + 1])
        at = 0
        while at < count:
            number = first + at
            octet = int(data[4 * channels + (number >> 3) * 4 * channels + channel * 4 + ((number & 7) >> 1)])
            if number & 1:
                octet >>= 4
            step = int(steps[index])
            change = step >> 3
            if octet & 4:
                change += step
            if octet & 2:
                change += step >> 1
            if octet & 1:
                change += step >> 2
            if octet & 8:
                change = 0 - change
            sample += change
            if sample > 32767:
                sample = 32767
            elif sample < -32768:
                sample = -32768
            octet &= 7
            if octet < 4:
                index -= 1
            else:
                index += (octet - 3) * 2
            if index < 0:
                index = 0
            elif index > 88:
                index = 88
            words[at * channels + channel] = sample
            at += 1
        state[channel + channel] = sample + 32768
        state[channel + channel + 1] = index
        channel += 1
    state[4] = first + count
"""


def plain_decode(words, data, steps, state, count):
    """See decode."""
    first, channels = state[4], state[5]
    for channel in range(channels):
        sample, index = state[2 * channel] - 32768, state[2 * channel + 1]
        for at in range(count):
            number = first + at
            octet = data[4 * channels + (number >> 3) * 4 * channels + channel * 4 + ((number & 7) >> 1)]
            code = octet >> 4 if number & 1 else octet & 15
            step = steps[2 * index] | steps[2 * index + 1] << 8
            change = (step >> 3) + bool(code & 4) * step + bool(code & 2) * (step >> 1) + bool(code & 1) * (step >> 2)
            sample = max(-32768, min(32767, sample - change if code & 8 else sample + change))
            index = max(0, min(88, index + (-1, -1, -1, -1, 2, 4, 6, 8)[code & 7]))
            place = 2 * (at * channels + channel)
            words[place], words[place + 1] = sample & 255, sample >> 8 & 255
        state[2 * channel], state[2 * channel + 1] = sample + 32768, index
    state[4] = first + count


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        return plain_decode
    return scope["decode"]


if not hasattr(kiosk, "_adpcm"):
    kiosk._adpcm = _compiled()


class Blocks:
    """Decodes one block after the other.  read(view) -> int gives the bytes of the file.

    block (int): bytes of a block; frames (int): that are in one.
    """

    def __init__(self, read, block: int, channels: int):
        if not 4 * channels < block <= LARGEST_BLOCK:
            raise KioskError("format", "ADPCM in blocks of %d bytes" % block)
        self.frames = frames_in(block, channels)
        self._read = read
        self._block = bytearray(block)
        self._left = 0  # frames of the block that are not given yet
        # for each of two channels its sample (and 32768) and index; frames decoded after the first, channels
        self._state = array("i", (0, 0, 0, 0, 0, channels))

    def forget(self):
        """The file has been sought: what follows in it is the beginning of a block."""
        self._left = 0

    def has_left(self) -> bool:
        """Whether frames of the block that was read last have not been given."""
        return self._left > 0

    def next_block(self) -> bool:
        """Go to the beginning of the block that follows in the file; False if there is none."""
        channels = self._state[5]
        self._left = frames_in(self._read(self._block), channels)
        for channel in range(channels if self._left else 0):
            sample, index = struct.unpack_from("<hB", self._block, 4 * channel)
            self._state[2 * channel] = sample + 32768
            self._state[2 * channel + 1] = min(index, 88)
        self._state[4] = -1
        return self._left > 0

    def decode(self, into, frames: int) -> int:
        """Put at most so many frames into a buffer; return how many, fewer at the end of a block, 0 at that of the file."""
        if not self._left and not self.next_block():
            return 0
        state, channels = self._state, self._state[5]
        frames = min(frames, self._left)
        done = 0
        if state[4] < 0 and frames:
            struct.pack_into("<h", into, 0, state[0] - 32768)
            if channels == 2:
                struct.pack_into("<h", into, 2, state[2] - 32768)
            state[4] = 0
            done = 1
        if frames > done:
            kiosk._adpcm(memoryview(into)[2 * channels * done :], self._block, STEPS, state, frames - done)
        self._left -= frames
        return frames


def frames_in(size: int, channels: int) -> int:
    """How many frames a block of so many bytes has; one that is cut short has those of its whole words."""
    if size < 4 * channels:
        return 0
    return 1 + (size - 4 * channels) // (4 * channels) * 8
