"""
IMA ADPCM, made: one channel, in blocks as WAV and AVI files have them.

Source: as adpcm.py.  Compiled on the device, as that is.
"""

import struct
from array import array

import micropython

import kiosk
from kiosk.media.adpcm import STEPS, frames_in

_VIPER = """
@micropython.viper
def encode(block: ptr8, words: ptr16, steps: ptr16, state: ptr32, count: int):
    sample = int(state[0]) - 32768
    index = int(state[1])
    number = int(state[2])
    at = 0
    while at < count:
        value = int(words[at])
        if value > 32767:
            value -= 65536
        step = int(steps[index])
        left = value - sample
        code = 0
        if left < 0:
            code = 8
            left = 0 - left
        change = step >> 3
        if left >= step:
            code |= 4
            left -= step
            change += step
        step >>= 1
        if left >= step:
            code |= 2
            left -= step
            change += step
        step >>= 1
        if left >= step:
            code |= 1
            change += step
        if code & 8:
            change = 0 - change
        sample += change
        if sample > 32767:
            sample = 32767
        elif sample < -32768:
            sample = -32768
        if number & 1:
            block[4 + (number >> 1)] = int(block[4 + (number >> 1)]) | (code << 4)
        else:
            block[4 + (number >> 1)] = code
        number += 1
        code &= 7
        if code < 4:
            index -= 1
        else:
            index += (code - 3) * 2
        if index < 0:
            index = 0
        elif index > 88:
            index = 88
        at += 1
    state[0] = sample + 32768
    state[1] = index
    state[2] = number
"""


def plain_encode(block, words, steps, state, count):
    """See encode."""
    sample, index, number = state[0] - 32768, state[1], state[2]
    for at in range(count):
        value = struct.unpack_from("<h", words, 2 * at)[0]
        step = steps[2 * index] | steps[2 * index + 1] << 8
        left = abs(value - sample)
        code, change = 8 * (value < sample), step >> 3
        for bit in (4, 2, 1):
            if left >= step:
                code |= bit
                left -= step
                change += step
            step >>= 1
        sample = max(-32768, min(32767, sample - change if code & 8 else sample + change))
        place = 4 + (number >> 1)
        block[place] = block[place] | code << 4 if number & 1 else code
        number += 1
        index = max(0, min(88, index + (-1, -1, -1, -1, 2, 4, 6, 8)[code & 7]))
    state[0], state[1], state[2] = sample + 32768, index, number


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        return plain_encode
    return scope["encode"]


if not hasattr(kiosk, "_adpcm_encode"):
    kiosk._adpcm_encode = _compiled()


class Encoder:
    """size: bytes of a block, of which each begins with a sample of its own.  frames (int): that are in one."""

    def __init__(self, size: int):
        self.frames = frames_in(size, 1)
        self._state = array("i", (32768, 0, 0))  # the sample (and 32768), its index, codes in the block
        self._left = self.frames

    def encode(self, block, samples) -> int:
        """More samples (memoryview of int16) into the block (memoryview); how many bytes of them were taken.

        Fewer than all: the block is full, and the next one begins with the next call.
        """
        state = self._state
        count = min(len(samples) // 2, self._left)
        if not count:
            return 0
        taken = 2 * count
        if self._left == self.frames:
            sample = struct.unpack_from("<h", samples)[0]
            struct.pack_into("<hBB", block, 0, sample, state[1], 0)
            state[0], state[2] = sample + 32768, 0
            samples = samples[2:]
            self._left -= 1
            count -= 1
        if count:
            kiosk._adpcm_encode(block, samples, STEPS, state, count)
            self._left -= count
        if not self._left:
            self._left = self.frames
        return taken

    @property
    def missing(self) -> int:
        """How many frames the block wants still; 0 of one that has not begun."""
        return self._left % self.frames
