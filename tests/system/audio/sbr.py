"""HE-AAC, for which there is no free encoder: what its other half is to a decoder of low complexity, put into ffmpeg's AAC.

In each frame a fill element that says it is SBR (ISO 14496-3, 4.4.2.7), before the end of the frame, as encoders write it;
what it holds is noise.  A decoder without SBR skips it and plays the core, at half the rate.
"""

import random

_HEADER = 7  # bytes of ADTS without a checksum
_END, _FILL, _SBR = "111", "110", "1101"


def frames(adts):
    """The frames of ADTS one behind the other."""
    at = 0
    while at < len(adts):
        length = (adts[at + 3] & 3) << 11 | adts[at + 4] << 3 | adts[at + 5] >> 5
        yield adts[at : at + length]
        at += length


def as_stereo(frame):
    """A frame whose header says that it has two channels, whatever is in it."""
    head = bytearray(frame)
    head[2] &= 0xFE
    head[3] = head[3] & 0x3F | 2 << 6
    return bytes(head)


def with_sbr(adts, seed=1):
    """The same with SBR."""
    chance = random.Random(seed)
    return b"".join(_with_sbr(frame, chance) for frame in frames(adts))


def _with_sbr(frame, chance):
    bits = "".join(f"{byte:08b}" for byte in frame[_HEADER:]).rstrip("0")
    assert bits.endswith(_END)
    count = chance.choice((3, 14, 15, 40, 90))  # bytes of the element; 15 and more take another byte to say
    said = f"{count:04b}" if count < 15 else f"1111{count - 14:08b}"
    noise = "".join(chance.choice("01") for _ in range(8 * count - len(_SBR)))
    bits = bits[: -len(_END)] + _FILL + said + _SBR + noise + _END
    bits += "0" * (-len(bits) % 8)
    body = int(bits, 2).to_bytes(len(bits) // 8, "big")
    header = bytearray(frame[:_HEADER])
    length = len(header) + len(body)
    header[3] = header[3] & 0xFC | length >> 11
    header[4] = length >> 3 & 0xFF
    header[5] = (length & 7) << 5 | header[5] & 0x1F
    return bytes(header) + body


def says_he_aac(m4a, rate_hz, channels, kind):
    """An MP4 file of AAC whose configuration says HE-AAC of twice the rate: `kind` 5, or 29 with parametric stereo.

    The clock of the film and of the frames becomes that of twice the rate, as such files have it.
    """
    rates = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000)
    core, double = rates.index(rate_hz), rates.index(2 * rate_hz)
    plain = (2 << 11 | core << 7 | channels << 3).to_bytes(2, "big") + b"\x56\xe5\x00"
    told = f"{kind:05b}{core:04b}{channels:04b}{double:04b}00010000"
    explicit = int(told.ljust(40, "0"), 2).to_bytes(5, "big")
    assert m4a.count(plain) == 1
    m4a = bytearray(m4a.replace(plain, explicit))
    clock = m4a.index(b"mdhd") + 4 + 12
    _double(m4a, clock)
    _double(m4a, clock + 4)
    table = m4a.index(b"stts") + 4 + 4
    for number in range(int.from_bytes(m4a[table : table + 4], "big")):
        _double(m4a, table + 4 + 8 * number + 4)
    edits = m4a.index(b"elst") + 4 + 4
    for number in range(int.from_bytes(m4a[edits : edits + 4], "big")):
        _double(m4a, edits + 4 + 12 * number + 4)
    return bytes(m4a)


def _double(data, at):
    data[at : at + 4] = (2 * int.from_bytes(data[at : at + 4], "big")).to_bytes(4, "big")
