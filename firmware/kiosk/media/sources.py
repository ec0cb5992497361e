"""
From a `src` to samples: what a Player opens.

A path of the package, wxfile://... of the mini-program's own, http:// and https://.  What a file holds is told by its first
bytes, never by its name.  Raises KioskError of errno 10001 (no memory), 10002 (the network), 10003 (the file) and 10004 (what
is in it), each with the reason; so does what is opened, when it is read.  Whoever opens closes, cancelled or not.
"""

import asyncio

from kiosk.errors import KioskError
from kiosk.media import bytesource

_HEAD_BYTES = const(16)
_OPEN_MS = const(60000)  # of a server that drips


async def open_source(src):
    """What kiosk/media/wav.py's WavReader is, from a `src` as mini-programs give it."""
    try:
        return await _open(src)
    except MemoryError:
        raise KioskError("sound system", "out of memory")


async def _open(src):
    if not isinstance(src, str) or not src:
        raise KioskError("sound file", "src is empty")
    is_remote = src[:7].lower() == "http://" or src[:8].lower() == "https://"
    if is_remote:
        from kiosk.media.httpbytes import HttpBytes

        source = HttpBytes(src)
    else:
        source = bytesource.LocalBytes(src)
    try:
        if is_remote:
            return await asyncio.wait_for_ms(open_bytes(source), _OPEN_MS)
        return await open_bytes(source)
    except asyncio.TimeoutError:
        source.close()
        raise KioskError("sound network", "no sound has come in %d s" % (_OPEN_MS // 1000))
    except BaseException:  # cancelled, too
        source.close()
        raise


async def open_bytes(source):
    """The reader for what a byte source (see bytesource.py) holds; it closes the source."""
    head = bytearray(_HEAD_BYTES)
    head = bytes(head[: await bytesource.fill_at(source, 0, head)])
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        if source.ahead is not None:
            from kiosk.media.wavstream import open_streamed

            return await open_streamed(source)
        from kiosk.media.wav import WavReader

        return WavReader(source)
    if b"#EXTM3U" in head:
        if source.ahead is None:
            raise KioskError("format", "an HLS playlist in a file: its segments are on a server")
        source.close()
        from kiosk.media.hls import open_hls

        return await _decoded(await open_hls(source.url))
    if head[4:8] == b"ftyp":
        from kiosk.media.mp4 import open_mp4

        return await _decoded(await open_mp4(source))
    from kiosk.media import framed, frames

    found = await frames.find(source, await framed.skip_tags(source))
    if not found:
        raise KioskError("format", frames.refused(head) or "no sound that is known: " + described(head))
    return await _decoded(await framed.open_framed(source, found))


async def _decoded(container):
    from kiosk.media.decoded import Decoded

    reader = Decoded(container)
    try:
        return await reader.open()
    except BaseException:  # cancelled, too
        reader.close()
        raise


def described(head):
    """What a file seems to be instead, for whoever looks for the reason."""
    if not head:
        return "the file is empty"
    for mark, name in (
        (b"OggS", "Ogg"),
        (b"fLaC", "FLAC"),
        (b"#!AMR", "AMR"),
        (b"<", "a page of HTML or XML"),
        (b"{", "JSON"),
        (b"\x1a\x45\xdf\xa3", "Matroska"),
        (b"FORM", "AIFF"),
        (b".snd", "AU"),
        (b"0&\xb2u", "WMA"),
    ):
        if head.startswith(mark):
            return name
    return "it begins with " + " ".join("%02x" % byte for byte in head[:8])
