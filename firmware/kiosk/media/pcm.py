"""
Arithmetic on samples: int16, little-endian, interleaved, in bytearrays.

Three ways to the same samples, which tests hold against each other: viper, compiled on the device as websocket/octets.py
is and for its reasons; pcmarray.py where the firmware was built with ulab; and plain Python for where neither is.

A product is rounded down, a sum that does not fit is held at the end of the range.  Resampling goes on straight lines
between samples, with an exact phase: n samples in become n * to / from out, over any number of buffers.  Measured against
an ideal sine, from 44.1 to 48 kHz a tone of 1 kHz keeps 54 dB of signal to noise and one of 4 kHz 30 dB; from 16 to 48 kHz
1 kHz keeps 37 dB.  There is no filter: what lies above half the new rate is heard as its alias, at its full strength.
"""

from array import array

import micropython

import kiosk

ONE = 32768  # a gain of 1, Q15

_VIPER = """
@micropython.viper
def scale(data: ptr16, count: int, gain: int, step: int, channels: int):
    left = channels
    at = 0
    while at < count:
        sample = int(data[at])
        if sample > 32767:
            sample -= 65536
        data[at] = (sample * (gain >> 6)) >> 15
        left -= 1
        if not left:
            gain += step
            left = channels
        at += 1

@micropython.viper
def mix(into: ptr16, data: ptr16, count: int):
    at = 0
    while at < count:
        total = int(into[at])
        other = int(data[at])
        if total > 32767:
            total -= 65536
        if other > 32767:
            other -= 65536
        total += other
        if total > 32767:
            total = 32767
        elif total < -32768:
            total = -32768
        into[at] = total
        at += 1

@micropython.viper
def spread(data: ptr16, count: int):
    at = count - 1
    while at >= 0:
        data[at + at + 1] = data[at]
        data[at + at] = data[at]
        at -= 1

@micropython.viper
def fold(data: ptr16, count: int):
    at = 0
    while at < count:
        left = int(data[at + at])
        right = int(data[at + at + 1])
        if left > 32767:
            left -= 65536
        if right > 32767:
            right -= 65536
        data[at] = (left + right) >> 1
        at += 1

@micropython.viper
def narrow(words: ptr16, data: ptr8, count: int, width: int, start: int, stride: int):
    at = 0
    while at < count:
        if width == 1:
            words[at] = (int(data[start]) - 128) << 8
        else:
            high = start + width - 2
            sample = int(data[high]) | (int(data[high + 1]) << 8)
            if sample > 32767:
                sample -= 65536
            if width > 2:
                if data[high - 1] & 128:
                    if sample < 32767:
                        sample += 1
            words[at] = sample
        start += stride
        at += 1

@micropython.viper
def resample(words: ptr16, data: ptr16, state: ptr32) -> int:
    at = int(state[0])
    phase = int(state[1])
    last = int(state[2]) - 1
    room = int(state[3])
    advance = int(state[4])
    rest = int(state[5])
    to = int(state[6])
    channels = int(state[7])
    made = 0
    while made < room and at < last:
        part = (phase << 15) // to
        channel = 0
        base = at * channels
        while channel < channels:
            sample = int(data[base + channel])
            after = int(data[base + channels + channel])
            if sample > 32767:
                sample -= 65536
            if after > 32767:
                after -= 65536
            after -= sample
            words[made * channels + channel] = sample + ((after * (part >> 8) + ((after * (part & 255)) >> 8)) >> 7)
            channel += 1
        made += 1
        at += advance
        phase += rest
        if phase >= to:
            phase -= to
            at += 1
    state[0] = at
    state[1] = phase
    return made

@micropython.viper
def centre(data: ptr16, state: ptr32, count: int):
    mean = int(state[0]) - 0x1000000
    at = 0
    while at < count:
        sample = int(data[at])
        if sample > 32767:
            sample -= 65536
        mean += ((sample << 8) - mean) >> 10
        sample -= mean >> 8
        if sample > 32767:
            sample = 32767
        elif sample < -32768:
            sample = -32768
        data[at] = sample
        at += 1
    state[0] = mean + 0x1000000
"""


def _get(data, at):
    sample = data[2 * at] | data[2 * at + 1] << 8
    return sample - 65536 if sample > 32767 else sample


def _set(data, at, sample):
    data[2 * at] = sample & 255
    data[2 * at + 1] = sample >> 8 & 255


def plain_scale(data, count, gain, step, channels):
    """See scale."""
    for at in range(count):
        _set(data, at, _get(data, at) * (gain + at // channels * step >> 6) >> 15)


def plain_mix(into, data, count):
    """See mix."""
    for at in range(count):
        _set(into, at, max(-32768, min(32767, _get(into, at) + _get(data, at))))


def plain_spread(data, count):
    """See spread."""
    for at in range(count - 1, -1, -1):
        sample = _get(data, at)
        _set(data, 2 * at + 1, sample)
        _set(data, 2 * at, sample)


def plain_fold(data, count):
    """See fold."""
    for at in range(count):
        _set(data, at, _get(data, 2 * at) + _get(data, 2 * at + 1) >> 1)


def plain_narrow(into, data, count, width, start, stride):
    """See narrow."""
    for at in range(count):
        if width == 1:
            sample = data[start] - 128 << 8
        else:
            high = start + width - 2
            sample = data[high] | data[high + 1] << 8
            if sample > 32767:
                sample -= 65536
            if width > 2 and data[high - 1] & 128:
                sample = min(32767, sample + 1)
        _set(into, at, sample)
        start += stride


def plain_resample(into, data, state):
    """See Resampler."""
    at, phase, count, room, advance, rest, to, channels = state
    made = 0
    while made < room and at + 1 < count:
        part = (phase << 15) // to
        for channel in range(channels):
            sample = _get(data, at * channels + channel)
            difference = _get(data, (at + 1) * channels + channel) - sample
            _set(into, made * channels + channel, sample + (difference * part >> 15))
        made += 1
        at += advance
        phase += rest
        if phase >= to:
            phase -= to
            at += 1
    state[0], state[1] = at, phase
    return made


def plain_centre(data, state, count):
    """See Offset."""
    mean = state[0] - 0x1000000
    for at in range(count):
        sample = _get(data, at)
        mean += (sample << 8) - mean >> 10
        _set(data, at, max(-32768, min(32767, sample - (mean >> 8))))
    state[0] = mean + 0x1000000


PLAIN = (plain_scale, plain_mix, plain_spread, plain_fold, plain_narrow, plain_resample, plain_centre)


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
        found = tuple(scope[name] for name in ("scale", "mix", "spread", "fold", "narrow", "resample", "centre"))
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        found = PLAIN
    try:
        from kiosk.media import pcmarray as ulab
    except ImportError:  # the usual build has none
        return found
    return (ulab.scale, ulab.mix, ulab.spread, ulab.fold) + found[4:]


if not hasattr(kiosk, "_pcm"):
    kiosk._pcm = _compiled()

# Counts are of samples unless said otherwise.
# scale(data, count, gain, step, channels): multiply in place by `gain` (Q21, at most 1 << 21), to which `step` is added
# after each frame; see volume() and ramp().
# mix(into, data, count): add.
# spread(data, count): `count` samples of mono at the beginning become stereo, in place.
# fold(data, count): `count` frames of stereo become the mean of their sides, in place.
# narrow(into, data, count, width, start, stride): int16 from samples of `width` bytes (1 is unsigned, as in WAV) which lie
# `stride` bytes apart from byte `start` on; 24 and 32 bits are rounded.  `into` may be `data`.
scale, mix, spread, fold, narrow, _resample, _centre = kiosk._pcm


def volume(data, count: int, gain: int) -> None:
    """Multiply `count` samples by a gain from 0 to ONE, in place.  ONE leaves every bit as it is."""
    if gain < ONE:
        scale(data, count, gain << 6, 0, 1)


def ramp(data, frames: int, channels: int, start: int, end: int) -> None:
    """Multiply frames by a gain that goes from `start` to `end` (0 to ONE) on a straight line, in place."""
    if frames > 0:
        scale(data, frames * channels, start << 6, ((end - start) << 6) // frames, channels)


class Resampler:
    """From one rate to another, over any number of buffers.  to_hz: at most 65535.

    used (int): how many frames of the last input are done with.  The others are to come again, before those that follow.
    """

    def __init__(self, from_hz: int, to_hz: int, channels: int):
        if not 0 < to_hz < 65536 or not 0 < from_hz < 1 << 20:
            raise ValueError("no rates: %s to %s Hz" % (from_hz, to_hz))
        # next frame, its phase (in 1 / to_hz), frames there, room, whole frames and phase to go on by, to_hz, channels
        self._state = array("i", (0, 0, 0, 0, from_hz // to_hz, from_hz % to_hz, to_hz, channels))
        self.used = 0

    def process(self, into, room: int, data, frames: int) -> int:
        """Make at most `room` frames of the `frames` in `data`; return how many."""
        state = self._state
        state[2] = frames
        state[3] = room
        made = _resample(into, data, state)
        self.used = min(state[0], frames)
        state[0] -= self.used
        return made

    def reset(self) -> None:
        """Begin anew: what comes next does not go on from what was."""
        self._state[0] = self._state[1] = 0


class Offset:
    """Takes the constant out of what a microphone gives: a high pass of rate / 6434 (2.5 Hz at 16 kHz)."""

    def __init__(self):
        self._state = array("i", (0x1000000,))  # the mean in 1/256, made positive

    def remove(self, data, count: int) -> None:
        """From so many samples, in place."""
        _centre(data, self._state, count)
