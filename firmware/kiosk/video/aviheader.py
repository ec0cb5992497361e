"""
The head of an AVI file: what its streams are.

The first stream of pictures in JPEG and the first of sound count.  Source: see aviformat.py.
"""

import struct

from kiosk.errors import KioskError
from kiosk.media.adpcm import LARGEST_BLOCK
from kiosk.video import aviformat

UNKNOWN = 0x7FFFF000  # a size from here on was never filled in
STREAM_BYTES = 56  # of strh and strf, that are looked at
_EXTENSIBLE = const(0xFFFE)
_FORMAT_BYTES = const(40)
_LARGEST_SIDE = const(2048)
_JPEG = (b"MJPG", b"JPEG", b"DMB1", b"AVRN", b"JPGL")


def wrong(what):
    """KioskError: this is no video that is known."""
    return KioskError("format", what)


class Header:
    """What the chunks that take() is given say.

    width, height; frame_us: from picture to picture; frames: None if it does not say.  sound: aviformat.Sound or None;
    sound_format: the same as the chunk "fmt " of a WAV file.  picture_id, sound_id: the first two letters of their chunks, or None.
    """

    def __init__(self):
        self.width = self.height = self.frame_us = 0
        self.frames = self.sound = self.picture_id = self.sound_id = None
        self.sound_format = b""
        self._streams = 0
        self._kind = b""

    def begin_stream(self):
        """A list "strl" begins."""
        self._streams += 1
        self._kind = b""

    def take(self, name, data):
        """A chunk of a stream: its first STREAM_BYTES.  KioskError (format)."""
        if not 0 < self._streams <= 100:
            return
        number = b"%02d" % (self._streams - 1)
        if name == b"strh" and len(data) >= 36:
            self._kind = bytes(data[:4])
            self._scale, self._rate, _, self._length = struct.unpack_from("<4I", data, 20)
        elif name == b"strf" and self._kind == b"vids" and not self.picture_id:
            self._take_pictures(data)
            self.picture_id = number
        elif name == b"strf" and self._kind == b"auds" and not self.sound_id:
            self._take_sound(data)
            self.sound_id = number

    def _take_pictures(self, data):
        if len(data) < 20 or not self._scale or not self._rate:
            raise wrong("the AVI is damaged: its head")
        self.width, height = struct.unpack_from("<ii", data, 4)
        self.height = abs(height)
        codec = bytes(data[16:20])
        if codec.upper() not in _JPEG:
            raise wrong("an AVI whose pictures are %s; Motion JPEG is played" % _printable(codec))
        if not (0 < self.width <= _LARGEST_SIDE and 0 < self.height <= _LARGEST_SIDE):
            raise wrong("a video of %dx%d; up to %d a side are played" % (self.width, self.height, _LARGEST_SIDE))
        self.frame_us = 1000000 * self._scale // self._rate
        if not 1000 <= self.frame_us <= 60000000:
            raise wrong("an AVI with a picture every %d us" % self.frame_us)
        if 0 < self._length < UNKNOWN:
            self.frames = self._length

    def _take_sound(self, data):
        if len(data) < 16:
            raise wrong("the AVI is damaged: its head")
        tag, channels, rate_hz, _, block, bits = struct.unpack_from("<HHIIHH", data)
        if not block or channels not in (1, 2) or not 0 < rate_hz <= 384000:
            raise wrong("an AVI whose sound has %d channels of %d Hz" % (channels, rate_hz))
        if tag not in (aviformat.PCM, aviformat.ADPCM, _EXTENSIBLE):
            raise wrong("an AVI whose sound is of format %d; PCM and IMA ADPCM are played" % tag)
        most = LARGEST_BLOCK if tag == aviformat.ADPCM else 8
        if block > most or (tag == aviformat.ADPCM and block <= 4 * channels):
            raise wrong("an AVI with sound in blocks of %d bytes" % block)
        if tag == _EXTENSIBLE:  # of what kind says what follows, which WavReader reads
            tag = aviformat.PCM
        self.sound = aviformat.Sound(tag, rate_hz, channels, bits, block)
        count = min(len(data), _FORMAT_BYTES)
        self.sound_format = struct.pack("<4sI", b"fmt ", count) + bytes(data[:count])


def _printable(name):
    return "".join(chr(letter) if 32 < letter < 127 else "?" for letter in name)


def described(head):
    """What a file seems to be instead, for whoever looks for the reason."""
    if head[4:8] == b"ftyp":
        return "MP4 or QuickTime, whose codecs are not decoded here"
    for mark, name in (
        (b"\x1a\x45\xdf\xa3", "Matroska or WebM, whose codecs are not decoded here"),
        (b"FLV", "FLV"),
        (b"#EXTM3U", "an HLS playlist"),
        (b"RIFF", "a RIFF file of another kind"),
        (b"\0\0\1\xba", "MPEG"),
        (b"0&\xb2u", "WMV"),
    ):
        if head.startswith(mark):
            return name
    from kiosk.media.sources import described as described_sound

    return described_sound(head)
