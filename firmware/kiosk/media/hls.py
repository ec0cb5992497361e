"""
HLS: the segments of a playlist as one stream of frames (see bytesource.py and decoded.py).

A task fetches one segment after the other into the ring of 8 KB and asks for the playlist again when it has come to the end
of what it kept of it; a live one is asked for again after its target duration (RFC 8216, 6.3.4).  Segments are packed audio
(ADTS AAC or MP3, ID3 tags left out) or MPEG transport streams.  A live sound has no duration, and cannot be sought in.
Holds 13 KB.
"""

import asyncio
from time import ticks_diff, ticks_ms

from kiosk.errors import KioskError
from kiosk.media import frames
from kiosk.media.framed import Framed
from kiosk.media.httpbytes import explained, failed, get
from kiosk.media.playlist import Playlist
from kiosk.media.ring import SIZE, Ring
from kiosk.media.transport import PACKET, Transport
from kiosk.net.url import join, parse

_STALL_MS = const(20000)
_MASTERS = const(3)  # one behind the other
_UNCHANGED = const(6)  # times that a live playlist had nothing new


async def open_hls(url):
    """(HlsFrames, to be decoded), of the URL of a playlist."""
    source = HlsBytes(url)
    try:
        found = await frames.find(source, 0)
        if not found:
            raise KioskError("format", "no sound that is known in the HLS segments")
        source.seek(found[0])
        return HlsFrames(source, found[0], found[1])
    except BaseException:  # cancelled, too
        source.close()
        raise


class HlsFrames(Framed):
    """A container whose places are told by the playlist."""

    exact = False

    def __init__(self, source, first, frame):
        super().__init__(source, first, frame, None)

    @property
    def is_live(self):
        """Whether there is more to come than the playlist tells of."""
        return not self.source.is_over

    @property
    def samples(self):
        """Of the sound; None of a live one."""
        return None if self.is_live else self.source.duration_ms * self.rate_hz // 1000

    def ended(self, samples):
        """Nothing that the playlist did not say."""

    def find(self, number):
        """See decoded.py."""
        start_ms = self.source.find_ms(number * self.frame_samples * 1000 // self.rate_hz)
        return None if start_ms is None else start_ms * self.rate_hz // (1000 * self.frame_samples)


class HlsBytes:
    """url (str) of a playlist.  Raises what goes wrong when it is read."""

    size = None

    def __init__(self, url):
        self._url = url
        self._ring = Ring()
        self.duration_ms, self.is_over = 0, True
        self._error = None
        self._ended = self._closed = False
        self._sought = self._found_ms = None
        self._heard_at = ticks_ms()
        self._task = asyncio.create_task(self._run(None))

    @property
    def ahead(self):
        """See bytesource.py."""
        return self._ring.ready(self._ended or self._error)

    def readinto(self, view):
        """See bytesource.py."""
        count = self._ring.take(view, self._ended or self._error)
        if not count:
            return self._nothing()
        self._heard_at = ticks_ms()
        return count

    def seek(self, offset):
        """Within what the ring has; other places are found by find_ms()."""
        if not self._ring.has(offset):
            raise KioskError("format", "no sound that is known in the HLS segments")
        self._ring.move(offset)

    def read_at(self, offset, view):
        """See bytesource.py; of what is in the ring or about to be."""
        ring = self._ring
        if ring.written < offset + len(view) <= ring.position + SIZE and self._nothing() is None:
            return None
        return ring.look(offset, view)

    def find_ms(self, ms):
        """Go to the segment that is played then; returns when it begins, None: ask again."""
        if self._sought != ms:
            self._sought, self._found_ms = ms, None
            self._end()
            self._ring.start(0)
            self._ended, self._error = False, None
            self._heard_at = ticks_ms()
            self._task = asyncio.create_task(self._run(ms))
        if self._found_ms is None:
            if self._nothing() == 0:
                return self.duration_ms  # beyond the end
            return None
        self._sought = None
        return self._found_ms

    async def changed(self):
        """See bytesource.py."""
        try:
            await asyncio.wait_for_ms(self._ring.changed(), _STALL_MS)
        except asyncio.TimeoutError:
            raise failed("nothing has come from the server for %d s" % (_STALL_MS // 1000))

    def close(self):
        """See bytesource.py."""
        self._closed = True
        self._end()

    def _nothing(self):
        if self._error:
            raise self._error
        if self._ended or self._closed:
            return 0
        if ticks_diff(ticks_ms(), self._heard_at) > _STALL_MS + (0 if self.is_over else 2 * self._target_ms):
            self._end()
            self._error = failed("nothing has come from the server for %d s" % (_STALL_MS // 1000))
            raise self._error
        return None

    def _end(self):
        if self._task and not self._task.done():
            self._task.cancel()
        self._task = None

    # The task.

    _target_ms = 10000

    async def _run(self, ms):
        try:
            await self._fetch(ms)
            self._ended = True
        except (KioskError, OSError, MemoryError) as exc:
            self._error = explained(exc)
        self._ring.tell()

    async def _fetch(self, ms):
        playlist = await self._load(None, ms)
        segment = _Segment(self._ring, self._hear)
        if playlist.segments:
            self._found_ms = playlist.segments[0][1]
        wanted, unchanged = None, 0
        while True:
            for number, _, _, uri in playlist.segments:
                await segment.fetch(_join(self._url, uri), not playlist.is_over)
                wanted, unchanged = number + 1, 0
            if not playlist.segments:
                if playlist.is_over:
                    return
                unchanged += 1
                if unchanged > _UNCHANGED:
                    raise failed("nothing new has come into the HLS playlist")
                await asyncio.sleep_ms(self._target_ms // 2)
            playlist = await self._load(wanted, None)
            if wanted is not None and playlist.first > wanted + 1000000:
                raise failed("the HLS playlist has gone somewhere else")

    async def _load(self, sequence, ms):
        for _ in range(_MASTERS):
            playlist = Playlist(sequence, ms)
            await get(self._url, {}, _taker(playlist))
            playlist.finish()
            if playlist.variant is None:
                self.duration_ms, self.is_over = playlist.duration_ms, playlist.is_over
                self._target_ms = playlist.target_ms
                return playlist
            self._url = _join(self._url, playlist.variant)
        raise KioskError("format", "the HLS playlist leads to others without an end")

    def _hear(self):
        self._heard_at = ticks_ms()


def _taker(sink):
    def take(response):
        if response.status not in (200, 206):
            raise failed("HTTP %d" % response.status)
        return sink

    return take


def _join(base, uri):
    url = join(parse(base), uri)
    return url.origin + url.target


class _Segment:
    """A body sink that puts the sound of one segment after the other into a ring."""

    def __init__(self, ring, hear):
        self._ring, self._hear = ring, hear
        self._buffer = memoryview(bytearray(5 * PACKET))
        self._have = 0

    async def fetch(self, url, may_lack):
        """All of it; what breaks is asked for again once.  may_lack: of a live one, which may have gone meanwhile."""
        self._transport = None
        self._is_first, self._skip, self._have, self._got = True, 0, 0, 0
        for last in (False, True):
            header = {"Range": "bytes=%d-" % self._got} if self._got else {}
            self._drop = 0
            try:
                await get(url, header, self._take)
                break
            except KioskError as exc:
                if exc.args[0] == "sound network" and may_lack and "HTTP 404" in exc.reason:
                    return
                if exc.args[0] != "network" or last:
                    raise
        if self._is_first or not self._transport:
            await self._pass(True)

    def _take(self, response):
        if response.status not in (200, 206):
            raise failed("HTTP %d" % response.status)
        if response.status == 200:
            self._drop = self._got
        return self

    def room(self, count):
        """See kiosk/net/body.py."""
        return self._buffer[self._have : self._have + self._drop] if self._drop else self._buffer[self._have :]

    def filled(self, count):
        """See kiosk/net/body.py."""
        self._hear()
        if self._drop:
            self._drop -= count
            return True
        self._got += count
        self._have += count
        return self._pass(False)

    async def _pass(self, at_end):
        """What is in the buffer goes to the ring, as far as it can be told what it is."""
        buffer = self._buffer
        while self._is_first:
            skipped = min(self._skip, self._have)
            self._skip -= skipped
            self._drop_head(skipped)
            if self._skip or (self._have < PACKET + 1 and not at_end):
                return
            self._begin()
        at = 0
        if self._transport:
            while at + PACKET <= self._have:
                await self._ring.put(self._transport.payload(buffer[at : at + PACKET]))
                at += PACKET
        else:
            await self._ring.put(buffer[: self._have])
            at = self._have
        self._drop_head(at)
        await asyncio.sleep_ms(0)

    def _drop_head(self, count):
        self._have -= count
        self._buffer[: self._have] = bytes(self._buffer[count : count + self._have])

    def _begin(self):
        head = bytes(self._buffer[: min(self._have, PACKET + 1)])
        if head[:3] == b"ID3" and len(head) > 10:
            self._skip = 10 + (head[6] << 21 | head[7] << 14 | head[8] << 7 | head[9])
            return
        frame = frames.parse(head) if len(head) == PACKET + 1 else None
        if frame and (b"Info" in head[:40] or b"Xing" in head[:40]):
            self._skip = frame[1]  # tells about the segment, and is no sound
            return
        self._is_first = False
        if head[:1] == b"G" and head[PACKET : PACKET + 1] in (b"G", b""):
            self._transport = Transport()
        elif head[4:8] in (b"ftyp", b"styp", b"moof", b"sidx"):
            raise KioskError("format", "the HLS segments are fragments of MP4")
        elif head[:6] == b"WEBVTT":
            raise KioskError("format", "the HLS segments are subtitles")
