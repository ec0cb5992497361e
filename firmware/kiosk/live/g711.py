"""
Samples as RTP has them: L16 (RFC 3551, 4.5.11: the high byte first) and PCMU (ITU-T G.711, mu-law), and back.

Viper, compiled on the device as kiosk/media/pcm.py is and for its reasons, and plain Python for where there is none.
"""

import micropython

import kiosk

_VIPER = """
@micropython.viper
def swap(into: ptr8, data: ptr8, count: int):
    at = 0
    while at < count:
        low = int(data[at + at])
        into[at + at] = data[at + at + 1]
        into[at + at + 1] = low
        at += 1

@micropython.viper
def to_mu(into: ptr8, data: ptr16, count: int):
    at = 0
    while at < count:
        sample = int(data[at])
        sign = 0
        if sample > 32767:
            sample = 65536 - sample
            sign = 128
        sample += 132
        if sample > 32767:
            sample = 32767
        exponent = 7
        mask = 16384
        while exponent > 0 and not (sample & mask):
            exponent -= 1
            mask >>= 1
        into[at] = 255 - (sign | (exponent << 4) | ((sample >> (exponent + 3)) & 15))
        at += 1

@micropython.viper
def from_mu(into: ptr16, data: ptr8, count: int):
    at = count - 1
    while at >= 0:
        code = 255 - int(data[at])
        sample = ((((code & 15) << 3) + 132) << ((code >> 4) & 7)) - 132
        if code & 128:
            sample = 0 - sample
        into[at] = sample
        at -= 1
"""


def plain_swap(into, data, count):
    """See swap."""
    for at in range(0, 2 * count, 2):
        into[at], into[at + 1] = data[at + 1], data[at]


def plain_to_mu(into, data, count):
    """See to_mu."""
    for at in range(count):
        sample = data[2 * at] | data[2 * at + 1] << 8
        sign = sample & 0x8000 and 128
        sample = min((65536 - sample if sign else sample) + 132, 32767)
        exponent = 7
        while exponent and not sample & 128 << exponent:
            exponent -= 1
        into[at] = 255 - (sign | exponent << 4 | sample >> exponent + 3 & 15)


def plain_from_mu(into, data, count):
    """See from_mu."""
    for at in range(count - 1, -1, -1):
        code = 255 - data[at]
        sample = (((code & 15) << 3) + 132 << (code >> 4 & 7)) - 132
        if code & 128:
            sample = -sample
        into[2 * at], into[2 * at + 1] = sample & 255, sample >> 8 & 255


PLAIN = (plain_swap, plain_to_mu, plain_from_mu)


def _compiled():
    scope = {"micropython": micropython}
    try:
        exec(_VIPER, scope)
    except (SyntaxError, NotImplementedError):  # a port without a native emitter
        return PLAIN
    return scope["swap"], scope["to_mu"], scope["from_mu"]


if not hasattr(kiosk, "_g711"):
    kiosk._g711 = _compiled()

# Counts are of samples; int16 is little-endian.
# swap(into, data, count): L16 from int16, and back; `into` may be `data`.
# to_mu(into, data, count): PCMU from int16; `into` may be `data`.
# from_mu(into, data, count): int16 from PCMU; `into` may begin as `data` does.
swap, to_mu, from_mu = kiosk._g711
