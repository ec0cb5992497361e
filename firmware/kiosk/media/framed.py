"""
MP3 and ADTS AAC: frames one behind the other, with tags around them.

Source: ID3v2.4, section 3.1 (id3.org); APEv2; "Xing VBR header" and LAME's "MP3 Info Tag rev 1"; Fraunhofer's VBRI.  How many
frames there are is told by such a header, by the size where all frames are alike, or else estimated from the first ones;
a file on the flash is then counted while it plays.  A place is found exactly, by arithmetic or from header to header; over
the network, where frames differ, by the header's table or in proportion.  Holds 1 KB.
"""

import struct
from array import array

from kiosk.errors import KioskError
from kiosk.media import bytesource, frames

_TAGS = const(8)  # of ID3v2, one behind the other
_HEAD_BYTES = const(224)  # of the first frame: what Xing, LAME and VBRI have in it
_LOOKED_AT = const(48)  # frames, to see whether they are alike
_COUNTED_AT_OPEN = const(400)  # headers: sounds of some 10 s are exact from the first
_COUNTED = const(4)  # headers for each piece read
_STEPS = const(64)  # headers in one call
_MARKS = const(128)
_APE_FOOTER = const(32)
_ASIDE_BYTES = const(10)
_REMOTE_BYTES = const(4000)  # looked at, of what comes over the network
_CUT_BYTES = const(2048)  # a last frame that is cut short is below that


async def skip_tags(source) -> int:
    """Where the ID3v2 tags at the head end."""
    offset, head = 0, bytearray(10)
    for _ in range(_TAGS):
        if await bytesource.fill_at(source, offset, head) < 10 or head[:3] != b"ID3":
            return offset
        size = head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9]
        if (head[6] | head[7] | head[8] | head[9]) & 0x80:
            raise KioskError("format", "the size of its ID3 tag is none")
        offset += 10 + size + (10 if head[5] & 0x10 else 0)
        if source.size is not None and offset > source.size:
            raise KioskError("format", "its ID3 tag is longer than the file")
        source.seek(offset)
    raise KioskError("format", "more than %d ID3 tags" % _TAGS)


async def open_framed(source, found):
    """Framed, of a byte source in which frames.find() has found the first frame."""
    offset, frame = found
    end = await _end_of_sound(source)
    framed = Framed(source, offset, frame, end)
    if frame[0] == "mp3":
        head = bytearray(_HEAD_BYTES)
        framed.read_info(head, await bytesource.load(source, offset, head))
    await framed.look()
    source.seek(framed.first)
    return framed


async def _end_of_sound(source):
    """Before ID3v1 and APE, of a file; over the network the tail is not looked at, and a tag is no frame either."""
    end = source.size
    if source.ahead is not None or end is None:
        return end
    tail = bytearray(_APE_FOOTER)
    if end > 128 and await bytesource.fill_at(source, end - 128, tail) and tail[:3] == b"TAG":
        end -= 128
    if end > _APE_FOOTER:
        await bytesource.fill_at(source, end - _APE_FOOTER, tail)
        if tail[:8] == b"APETAGEX":
            size, _, flags = struct.unpack_from("<III", tail, 12)
            size += _APE_FOOTER if flags & 0x80000000 else 0
            if size < end:
                end -= size
    return end


class Framed:
    """A container: see decoded.py.  frames: how many there are, or None."""

    exact = False

    def __init__(self, source, first, frame, end):
        self.source, self.first, self.end = source, first, end
        self.name, _, self.frame_samples, self.rate_hz, self.channels, self._bit_rate = frame
        self.lead = 1 if self.name == "aac" else 0  # FAAD2 has no sound before the second
        # What is before the sound itself in every stream of AAC; of MP3, LAME's header tells.
        self.delay = self.lead * self.frame_samples
        self._padding = 0
        self.preroll = 1 if self.lead else 10
        self.frames = None
        self._alike = False
        self._seen_bytes, self._seen_frames = frame[1], 1
        self._toc = None
        self._position = first
        self._marks, self._each = array("I", (first,)), 16
        self._walked, self._walked_to = 0, first
        self._head = bytearray(frames.HEADER)
        self._can_count = source.ahead is None

    @property
    def is_live(self):
        """See decoded.py."""
        return self.end is None

    @property
    def samples(self):
        """Of the sound; None if there is nothing to estimate it by."""
        count = self.frames
        if count is None:
            if self.end is None:
                return None
            count = (self.end - self.first) * self._seen_frames // self._seen_bytes
        return max(0, count * self.frame_samples - self.delay - self._padding)

    @property
    def byte_rate(self) -> int:
        """About how many bytes a second."""
        return self._seen_bytes * self.rate_hz // (self._seen_frames * self.frame_samples)

    # What is known before it is played.

    def read_info(self, head, count):
        """Take in what the first frame says of the others, and go behind it; nothing if that is sound."""
        if count < _HEAD_BYTES:
            return
        length = frames.parse(head)[1]
        mono = head[3] >> 6 == 3
        at = 4 + ((17 if mono else 32) if head[1] & 8 else (9 if mono else 17))
        if head[at : at + 4] in (b"Xing", b"Info"):
            self._read_xing(head, at)
        elif head[36:40] == b"VBRI":
            size, self.frames = struct.unpack_from(">II", head, 46)
            self._set_seen(size)
        else:
            return
        self.first = self._position = self._walked_to = self._marks[0] = self.first + length

    def _read_xing(self, head, at):
        self._alike = head[at : at + 4] == b"Info"
        flags = struct.unpack_from(">I", head, at + 4)[0]
        size, here = 0, at + 8
        if flags & 1:
            self.frames = struct.unpack_from(">I", head, here)[0]
            here += 4
        if flags & 2:
            size = struct.unpack_from(">I", head, here)[0]
            here += 4
        if flags & 4:
            self._toc = bytes(head[here : here + 100])
            here += 100
        if flags & 8:
            here += 4
        self._set_seen(size)
        if here + 24 <= len(head) and head[here : here + 4] in (b"LAME", b"Lavf", b"Lavc"):
            self.delay = (head[here + 21] << 4 | head[here + 22] >> 4) + 529  # of the decoder's own filter
            self._padding = max(0, ((head[here + 22] & 15) << 8 | head[here + 23]) - 529)

    def _set_seen(self, size):
        """The header has told of so many frames in so many bytes: believe what the file has room for."""
        count, room = self.frames, self.end
        if not count or not size or (room is not None and (count * 24 > room or size > room + 65536)):
            self.frames = None
            self._alike = False
            return
        self._seen_bytes, self._seen_frames = size, count
        self.exact = room is None or self.first + size <= room + 1  # else it is cut short
        if not self.exact:
            self.frames = None

    async def look(self):
        """Whether the first frames are all alike, or else what they are on average; a header has said it."""
        if self.frames is not None and not self._alike:
            return
        at, count, rates = self.first, 0, 0
        self.source.seek(at)
        while count < _LOOKED_AT:
            if self.source.ahead is not None and at - self.first > _REMOTE_BYTES:
                break
            if await bytesource.fill_at(self.source, at, self._head) < frames.HEADER:
                break
            frame = frames.parse(self._head)
            if not frame:
                break
            if not count:
                self._bit_rate = frame[5]
            at += frame[1]
            count += 1
            rates += frame[5] != self._bit_rate or not frame[5]
        self._alike = count > 0 and not rates
        if self._alike:  # to the fraction of a byte, by which places are found
            self._seen_bytes, self._seen_frames = self.frame_samples * self._bit_rate, 8 * self.rate_hz
            if self.frames is None and self.end is not None:
                self.frames = ((self.end - self.first) * self._seen_frames + self._seen_bytes // 2) // self._seen_bytes
        elif self.frames is None and count:
            self._seen_bytes, self._seen_frames = at - self.first, count
            self._count(_COUNTED_AT_OPEN)

    # While it is played.

    def read(self, view):
        """See decoded.py."""
        if self.end is not None:
            view = view[: max(0, min(len(view), self.end - self._position))]
            if not view:
                return 0
        count = self.source.readinto(view)
        if count:
            self._position += count
        if not self.exact and not self._alike:
            self._count(_COUNTED)
        return count

    def ended(self, samples):
        """The decoder has come to the end after so many samples."""
        if not self.exact and not self._alike:
            self.frames, self.exact = samples // self.frame_samples, True

    def find(self, number):
        """See decoded.py."""
        if number <= 0:
            return self._go_to(self.first, 0)
        if self._alike:
            # However an encoder spreads the padding, a frame begins near this place; the decoder finds it.
            return self._go_to(self.first + number * self._seen_bytes // self._seen_frames - _ASIDE_BYTES, number)
        if self.source.ahead is None:
            offset = self._walk_to(number, _STEPS)
            return None if offset is None else self._go_to(offset, min(number, self._walked))
        if self._toc and self.frames:
            place = number * 100 * 256 // self.frames  # of a table of 100 parts, in 256ths of a part
            part = min(place >> 8, 99)
            low = self._toc[part]
            high = self._toc[part + 1] if part < 99 else 256
            offset = (low * 256 + (high - low) * (place - part * 256)) * self._seen_bytes >> 16
        else:
            offset = number * self._seen_bytes // self._seen_frames
        return self._go_to(self.first + offset, number)

    def _go_to(self, offset, number):
        if self.end is not None:
            offset = min(offset, self.end)
        self._position = offset
        self.source.seek(offset)
        return number

    def _walk_to(self, number, steps):
        """Offset of a frame, or of the end if that is before; None after so many steps."""
        mark = min(number // self._each, len(self._marks) - 1)
        if not mark * self._each <= self._walked <= number:
            self._walked, self._walked_to = mark * self._each, self._marks[mark]
        while self._walked < number:
            if not steps:
                return None
            steps -= 1
            if not self._step():
                break
        return self._walked_to

    def _step(self):
        if self.source.read_at(self._walked_to, self._head) < frames.HEADER:
            return False
        frame = frames.parse(self._head)
        if not frame or self._walked_to + frame[1] > self.end:
            return False
        self._walked += 1
        self._walked_to += frame[1]
        if self._walked == len(self._marks) * self._each:
            if len(self._marks) == _MARKS:
                self._marks = array("I", (self._marks[at] for at in range(0, _MARKS, 2)))
                self._each *= 2
            else:
                self._marks.append(self._walked_to)
        return True

    def _count(self, steps):
        """Go on counting frames, from the last one that is known, if that is cheap and there is nothing between them."""
        if not self._can_count:
            return
        last = len(self._marks) - 1
        if self._walked < last * self._each:
            self._walked, self._walked_to = last * self._each, self._marks[last]
        while steps:
            steps -= 1
            if not self._step():
                self._can_count = False
                if self.end - self._walked_to < _CUT_BYTES:
                    self.frames, self.exact = self._walked, True
                return
        self._seen_bytes, self._seen_frames = self._walked_to - self.first, self._walked
