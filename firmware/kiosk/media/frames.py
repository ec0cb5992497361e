"""
Headers of frames: MPEG audio layer III (ISO 11172-3, 13818-3 and MPEG 2.5) and ADTS (ISO 13818-7, 6.2).

What the codecs' own parser takes (firmware/cmodules/codecs/framing.c), for finding places in a file without decoding it.
"""

from kiosk.media import bytesource

_KBPS = (
    (0, 8, 16, 24, 32, 40, 48, 56, 64, 80, 96, 112, 128, 144, 160),  # MPEG 2 and 2.5
    (0, 32, 40, 48, 56, 64, 80, 96, 112, 128, 160, 192, 224, 256, 320),
)
_MPEG_RATES = (44100, 48000, 32000)
AAC_RATES = (96000, 88200, 64000, 48000, 44100, 32000, 24000, 22050, 16000, 12000, 11025, 8000, 7350)
HEADER = const(7)  # bytes that parse() looks at
_LONGEST = const(2041)  # what the decoder's window holds
_WINDOW = const(4096)
_SCANNED = const(65536)  # bytes of something else before the first frame


def parse(data, at=0):
    """(name, length in bytes, samples, rate_hz, channels, bits a second) of a frame, or None; 0 bits: not told.

    `data` has HEADER bytes from `at` on.
    """
    if data[at] != 0xFF:
        return None
    second, third, fourth = data[at + 1], data[at + 2], data[at + 3]
    if second & 0xF6 == 0xF0:
        rate, channels = third >> 2 & 15, (third & 1) << 2 | fourth >> 6
        length = (fourth & 3) << 11 | data[at + 4] << 3 | data[at + 5] >> 5
        if third >> 6 != 1 or rate > 12 or not 1 <= channels <= 2 or data[at + 6] & 3 or not 9 < length <= _LONGEST:
            return None
        return "aac", length, 1024, AAC_RATES[rate], channels, 0
    version, bits, rate = second >> 3 & 3, third >> 4, third >> 2 & 3
    if second & 0xE6 != 0xE2 or version == 1 or rate == 3 or not 0 < bits < 15:
        return None
    rate_hz = _MPEG_RATES[rate] >> (0 if version == 3 else 1 if version == 2 else 2)
    samples = 1152 if version == 3 else 576
    bit_rate = _KBPS[version == 3][bits] * 1000
    return (
        "mp3",
        samples // 8 * bit_rate // rate_hz + (third >> 1 & 1),
        samples,
        rate_hz,
        2 - (fourth >> 6 == 3),
        bit_rate,
    )


def refused(head):
    """Why parse() takes no frame that begins as ADTS does, in words; None if it is not that."""
    if len(head) < HEADER or head[0] != 0xFF or head[1] & 0xF6 != 0xF0:
        return None
    third = head[2]
    channels = (third & 1) << 2 | head[3] >> 6
    if third >> 6 != 1:
        return "AAC of type %d, not low complexity" % ((third >> 6) + 1)
    if not 1 <= channels <= 2:
        return "AAC of %s channels" % (8 if channels == 7 else channels or "unusual")
    return "AAC in several blocks a frame" if head[6] & 3 else None


async def find(source, offset):
    """(offset, frame) of the first frame from there on that another one follows, or None.  Reads 64 KB at most."""
    window = bytearray(_WINDOW)
    limit = offset + _SCANNED
    while offset < limit:
        count = await bytesource.load(source, offset, window)
        at_end = count < _WINDOW
        at = window.find(b"\xff", 0, count)
        while 0 <= at < (count if at_end else _WINDOW // 2):
            frame = parse(window, at) if at + HEADER <= count else None
            if frame and _is_followed(window, at + frame[1], count, frame):
                return offset + at, frame
            at = window.find(b"\xff", at + 1, count)
        if at_end:
            return None
        offset += _WINDOW // 2
    return None


def _is_followed(window, at, count, frame):
    if at + HEADER > count:
        return at == count  # the only one
    following = parse(window, at)
    return bool(following) and (following[0], following[3]) == (frame[0], frame[3])
