"""
An opened video as what a Player plays (kiosk/media/player.py): samples for the mixer, and pictures that are shown when they are heard.

The speaker is ahead of what is heard by up to 160 ms, so the sound of a file is read by itself, through a second AviReader.  What comes
over the network comes once: its pictures wait in memory until it is their time, 24 KB of them.

Heap: 5 KB for a file (8 KB for one of high rates), the largest picture as it is in the file; of the network 8 KB and those pictures.
"""

import asyncio
from time import ticks_diff, ticks_ms

from kiosk.errors import KioskError
from kiosk.media import pcm
from kiosk.media.wavstream import StreamedWav
from kiosk.video.avireader import PICTURE, SOUND, AviReader
from kiosk.video.soundqueue import SoundQueue

LATE_MS = 40  # a picture that is later is left out
_LEAD_MS = const(80)  # how far before its time painting one may begin
_POLL_MS = const(20)
_FULL_MS = const(20)
_PAINT_MS = const(500)  # what is waited for painting
_LEAST_QUEUE = const(4096)
_MOST_QUEUE = const(16384)
_LARGEST_PICTURE = const(65536)
_STORE_BYTES = const(24576)  # pictures that have come and whose time has not
_SILENT_HZ = const(1000)
_NEVER = const(0x3FFFFFFF)


class Film:
    """picture_file, sound_file: opened AviReaders, the second None if there is no sound or everything comes from the first one.

    video: has heard_ms(), is_playing(), show(view) and is_painting().
    rate_hz, channels, position_ms, duration_ms, read_into(), seek_ms(), close(): as kiosk/media/wav.py's WavReader.

    left_out: how many pictures were not shown, as they came too late.  width, height: of the pictures.
    """

    def __init__(self, picture_file, sound_file, video):
        self._file, self._sound_file = picture_file, sound_file
        self._video = video
        header = self._header = picture_file.header
        self.width, self.height = header.width, header.height
        self.duration_ms = picture_file.duration_ms
        self.has_sound = header.sound is not None
        self.left_out = self.shown = 0
        self._buffer = None
        self._tasks = ()
        self._store = []  # (time, picture) of the network's
        self._error = None
        self._queue = None
        self._base_ms = 0
        if self.has_sound:
            sound = header.sound
            size = sound.rate_hz * sound.block // 2 if sound.block_frames == 1 else _LEAST_QUEUE
            self._queue = SoundQueue(max(_LEAST_QUEUE, 2 * sound.block, min(size, _MOST_QUEUE)))
        self._rest()

    def be_silent(self):
        """Nobody hears it: its sound is passed over."""
        self.has_sound = False
        self._queue = self._wav = None
        self._rest()

    @property
    def rate_hz(self):
        """Int; of a silent one, whose samples stand for milliseconds, 1000."""
        return self._header.sound.rate_hz if self.has_sound else _SILENT_HZ

    @property
    def channels(self):
        """1 or 2."""
        return self._header.sound.channels if self.has_sound else 1

    @property
    def position_ms(self):
        """Of what is read next."""
        return self._base_ms + self._given * 1000 // self.rate_hz

    @property
    def buffered_ms(self):
        """Up to where it has come."""
        source, length_ms = self._file.source, self.duration_ms
        if source.ahead is None or length_ms is None:
            return length_ms
        if not source.size:
            return self.position_ms
        return min(length_ms, length_ms * (self._file.position + source.ahead) // source.size)

    # Playing.

    def _rest(self):
        """Nothing has been read from here on."""
        self._given = self._unwanted = 0
        self._wav = None
        if self._queue:
            self._queue.clear()
            self._wav = StreamedWav(self._queue, 0, 0, self._header.sound_format)
        self._is_sound_over = not self.has_sound
        self._end_ms = None  # when the pictures are over
        self._store.clear()
        self._is_begun = False  # a picture has been shown
        self.is_moving = True  # nothing of this place has been read yet

    def start(self):
        """Begin to read, if that has not begun."""
        if not self._tasks:
            self._begin()

    def _begin(self):
        places = [self._run(self._show_pictures)]
        if self._file.is_streamed:
            places.append(self._run(self._read_all))
        elif self.has_sound:
            places.append(self._run(self._read_sound))
        self._tasks = [asyncio.create_task(each) for each in places]

    def _end(self):
        for task in self._tasks:
            task.cancel()
        self._tasks = ()

    async def _run(self, function):
        try:
            await function(self._base_ms)
        except Exception as exc:  # noqa: BLE001  a supervisor: the player hears of it when it reads on
            self._error = exc

    async def filled(self):
        """Awaitable: until there is something to be heard, or it is known that there is nothing."""
        self.start()
        while self._tasks and not self._error and self._wav and self.is_moving:
            await asyncio.sleep_ms(5)
        while self._tasks and not self._error and self._file.is_streamed and not self._store and self._end_ms is None:
            await asyncio.sleep_ms(5)

    def read_into(self, view):
        """Samples, or silence where there are pictures and no sound."""
        if self._error:
            raise self._error
        frame = 2 * self.channels
        if self._wav:
            count = self._heard(view)
            if count:
                self._given += count // frame
                return count
            if count is None:
                return None
            self._is_sound_over = True
        if self._end_ms is None and not self._has_pictures():
            return None
        left_ms = (_NEVER if self._end_ms is None else self._end_ms) - self.position_ms
        if left_ms <= 0:
            return 0
        frames = min(len(view) // frame, left_ms * self.rate_hz // 1000 + 1)
        if self.has_sound:
            pcm.volume(view, frames * self.channels, 0)
        self._given += frames
        return frames * frame

    def _has_pictures(self):
        """bool: whether time may go on for what is to be seen."""
        if self.is_moving or not self._is_begun:
            return False
        return not self._file.is_streamed or (len(self._store) > 0 and self._store[0][1] is not None)

    def _heard(self, view):
        """Bytes of the sound; what lies before the place that was sought is dropped."""
        frame = 2 * self.channels
        while self._unwanted > 0:
            count = self._wav.read_into(view[: min(len(view), self._unwanted * frame)])
            if not count:
                return count
            self._unwanted -= count // frame
        return self._wav.read_into(view)

    def seek_ms(self, ms):
        """Go on from there; beyond the end means the end."""
        self._end()
        self._base_ms = ms if self.duration_ms is None else min(ms, self.duration_ms)
        self._rest()
        self._begin()

    def close(self):
        """Close the files."""
        self._end()
        self._file.close()
        if self._sound_file:
            self._sound_file.close()

    # Sound.

    async def _read_sound(self, ms):
        """Of a file: nothing but its sound."""
        file = self._sound_file
        await file.seek(ms, False, True)
        while True:
            kind = await file.next()
            if not kind:
                break
            if kind == SOUND:
                await self._take_sound(file, ms)
        self._queue.is_over = True
        self.is_moving = False

    async def _take_sound(self, file, ms):
        if self.is_moving:
            self._unwanted = (ms - file.time_ms) * self.rate_hz // 1000
        queue = self._queue
        while True:
            room = queue.room()
            if not room:
                await asyncio.sleep_ms(_FULL_MS)
                continue
            count = await file.read_into(room)
            if not count:
                break
            queue.ahead += count
        self.is_moving = False

    # What comes over the network.

    async def _read_all(self, ms):
        file, store = self._file, self._store
        await file.seek(ms, True, self.has_sound)
        while True:
            kind = await file.next()
            if not kind:
                break
            if kind == SOUND:
                if self.has_sound:
                    await self._take_sound(file, ms)
            elif file.size:
                await self._keep(file, store)
        if self._queue:
            self._queue.is_over = True
        self.is_moving = False
        store.append((file.time_ms, None))
        file.check()

    async def _keep(self, file, store):
        """Put a picture aside, unless there is no room while sound is wanted."""
        while store and sum([len(picture) for _, picture in store]) + file.size > _STORE_BYTES:
            if self._queue and self._queue.ahead < _LEAST_QUEUE // 2 and not self._is_sound_over:
                self.left_out += 1
                return
            await asyncio.sleep_ms(_FULL_MS)
        time_ms = file.time_ms
        picture = bytearray(_checked(file.size))
        if await file.read_into(memoryview(picture)) == len(picture):
            store.append((time_ms, picture))
        if not self._queue:
            self.is_moving = False

    # Pictures.

    async def _next_picture(self):
        """int: the time of the next one, None at the end."""
        file = self._file
        if file.is_streamed:
            while not self._store:
                await asyncio.sleep_ms(5)
            time_ms, self._picture = self._store[0]
            return None if self._picture is None else time_ms
        while True:
            kind = await file.next()
            if not kind:
                return None
            if kind == PICTURE and file.size:  # one without bytes is the one before
                return file.time_ms

    async def _load(self):
        """memoryview: the picture."""
        file = self._file
        if file.is_streamed:
            self._store.pop(0)
            return memoryview(self._picture)
        size = _checked(file.size)
        await self._painted()
        if self._buffer is None or len(self._buffer) < size or self._video.is_painting():
            self._buffer = None
            self._buffer = bytearray((size + 1023) & ~1023)
        view = memoryview(self._buffer)[:size]
        count = await file.read_into(view)
        return view[:count]

    def _leave_out(self):
        self.left_out += 1
        if self._file.is_streamed:
            self._store.pop(0)

    async def _show_pictures(self, ms):
        file = self._file
        if not file.is_streamed:
            await file.seek(ms, True, False)
        if not self._wav:
            self.is_moving = False
        is_first, is_left_out, lead_ms = True, False, 0
        while True:
            time_ms = await self._next_picture()
            if time_ms is None:
                break
            if not is_first:
                late_ms = await self._due(time_ms - lead_ms) - lead_ms
                if late_ms > LATE_MS and not (file.is_streamed and await self._is_last()):
                    is_left_out = True
                    self._leave_out()
                    continue
            is_first = is_left_out = False
            lead_ms = await self._show()
        end_ms = self._store[0][0] if file.is_streamed else file.time_ms
        if is_left_out:  # the last one is what is seen in the end
            await file.seek(end_ms, True, False)
            if await self._next_picture() is not None:
                self.left_out -= 1
                await self._show()
        self._end_ms = max(ms, end_ms)
        if not file.is_streamed:
            file.check()

    async def _show(self):
        """The picture; how long before its time the next one's painting may begin, in ms."""
        self._is_begun = True
        view = await self._load()
        begun = ticks_ms()
        self.shown += 1
        self._video.show(view)
        await self._painted()
        return min(ticks_diff(ticks_ms(), begun) // 2, _LEAD_MS)

    async def _is_last(self):
        """Of the network's: whether nothing follows what is to be shown."""
        while len(self._store) < 2:
            await asyncio.sleep_ms(5)
        return self._store[1][1] is None

    async def _due(self, time_ms):
        """Wait until this is heard; how many ms ago that was."""
        video = self._video
        while True:
            wait_ms = time_ms - video.heard_ms()
            is_playing = video.is_playing()
            if wait_ms <= 0 and is_playing:
                return -wait_ms
            await asyncio.sleep_ms(max(1, min(wait_ms, _POLL_MS)) if is_playing else 2 * _POLL_MS)

    async def _painted(self):
        """Until the picture is on the screen."""
        begun = ticks_ms()
        await asyncio.sleep_ms(0)
        while self._video.is_painting() and ticks_diff(ticks_ms(), begun) < _PAINT_MS:
            await asyncio.sleep_ms(3)


def _checked(size):
    if size > _LARGEST_PICTURE:
        raise KioskError("format", "a picture of %d bytes; up to %d are shown" % (size, _LARGEST_PICTURE))
    return size


async def open_film(src, video):
    """A Film of a `src` as mini-programs give it.  KioskError, as kiosk/media/sources.py says."""
    from kiosk.media import bytesource

    if not isinstance(src, str) or not src:
        raise KioskError("sound file", "src is empty")
    files = []
    try:
        if src[:7].lower() == "http://" or src[:8].lower() == "https://":
            from kiosk.media.httpbytes import HttpBytes

            files.append(AviReader(HttpBytes(src)))
            await asyncio.wait_for_ms(files[0].open(), 60000)
        else:
            files.append(AviReader(bytesource.LocalBytes(src)))
            await files[0].open()
            await files[0].measure()
            if files[0].header.sound:
                files.append(AviReader(bytesource.LocalBytes(src)))
                await files[1].open()
        return Film(files[0], files[1] if len(files) > 1 else None, video)
    except BaseException as exc:  # cancelled, too
        for file in files:
            file.close()
        if isinstance(exc, asyncio.TimeoutError):
            raise KioskError("sound network", "no video has come in 60 s")
        if isinstance(exc, MemoryError):
            raise KioskError("sound system", "out of memory")
        raise
