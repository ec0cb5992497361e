"""
What every sound of the API is: a Player of the running mini-program, whose events come from the loop.

No event comes before the call that caused it has returned (wx-rules.md, rule 4), and none after destroy().  While the
mini-program is in the background only a sound with `in_background` plays; the others pause, and stay so when it comes back.
When it closes they fade out, and the speaker and the memory are given back.
"""

import asyncio
import gc

import kiosk
from kiosk import api, app, errors, tasks
from kiosk.errors import KioskError
from kiosk.media import mixer, pcm
from kiosk.media.player import PLAYING, Player
from kiosk.media.sources import open_source

MUSIC = 0
VOICE = 1  # what else plays is ducked meanwhile
_RESERVE = const(12288)  # bytes of heap: less, and no file is opened, so that there is room to mix and to tell of it
_OOM = const(111)
_SECONDS_MAX = const(1000000)

# Of all sounds that are `inner`: wx.setInnerAudioOption.
options = {"mixWithOther": True, "obeyMuteSwitch": True}
_active = []  # sounds that play or pause
_program = None  # whose they are


class Sound(Player):
    """hear(event, exc) is told what a Player tells, exc being the exception of an Error, else None.

    inner: one of those to which `options` and the mute switch apply.  in_background: plays on there.
    """

    def __init__(self, hear, priority=MUSIC, inner=False, in_background=False, opener=open_source):
        super().__init__(self._open_with_reserve, self._tell, priority)
        self._opener = opener
        self._opening = None  # the task that opens src
        self._hear = hear
        self.is_inner = inner
        self._in_background = in_background
        self._volume = 1.0
        self._obeys_mute = True
        self._length_ms = None  # of src, once it is known
        self._is_probed = False  # Canplay has been told and the play that follows need not tell it
        self._queue = []  # (event, exc) not heard yet
        self._waiters = []  # [events, asyncio.Event: one has come, its exception]

    def load(self, src: str, probe=True) -> None:
        """Another source; what plays stops.  Canplay or Error follows, unless play() is called before; "" is none."""
        if not self._emit:
            return
        self.stop()
        self._stop_opening()
        self._run += 1
        self.src = src
        self._sought_ms = self._length_ms = None
        self._is_probed = False
        if src and probe:
            tasks.spawn(self._probe(self._run))

    def play(self) -> None:
        """See Player.play().  Error without a source, and in the background where that is not allowed."""
        if self.state == PLAYING or not self._emit:
            return
        if not self.src:
            self._tell("Error", KioskError("sound file", "src is empty"))
            return
        program = app.current
        if not (program.visible or self._in_background):
            self._tell("Error", KioskError("sound system", "the mini-program is in the background"))
            return
        if self.is_inner and not options["mixWithOther"]:
            _pause(lambda each: not each.is_inner and each._priority == MUSIC)
        self._stop_opening()
        _enter(self, program)
        self.apply_gain()
        super().play()

    def refuse(self, exc) -> None:
        """An Error that changes nothing: what plays goes on."""
        if self._emit:
            self._enqueue("Error", exc)

    def accepts(self, name: str, kind: str, value) -> bool:
        """Whether a value is of JavaScript's type `kind`, and a number if that says so; if not, Error tells of it."""
        given = api.type_name(value)
        if given == "Number" and value != value:
            given = "NaN"
        if given == kind:
            return True
        self.refuse(KioskError("parameter", "parameter.%s should be %s instead of %s;" % (name, kind, given)))
        return False

    async def play_until(self, *events) -> None:
        """play(), and wait for the first of these events from then on; KioskError where that is an Error."""
        waiter = [events, asyncio.Event(), None]
        self._waiters.append(waiter)
        try:
            self.play()
            await waiter[1].wait()
        finally:
            self._waiters.remove(waiter)
        if waiter[2]:
            raise fault(waiter[2])

    @property
    def duration_ms(self):
        """Int, or None while nobody knows."""
        return self._source.duration_ms if self._source else self._length_ms

    @property
    def buffered_ms(self) -> int:
        """Up to where it is there: the end, but for what comes over the network."""
        if not self._source:
            return 0
        return getattr(self._source, "buffered_ms", self._source.duration_ms) or 0

    @property
    def volume(self) -> float:
        """0 to 1."""
        return self._volume

    @volume.setter
    def volume(self, volume):
        self._volume = max(0.0, min(1.0, volume))
        self.apply_gain()

    @property
    def obeys_mute(self) -> bool:
        """Whether an inner sound is silent while the mute switch is on."""
        return self._obeys_mute

    @obeys_mute.setter
    def obeys_mute(self, obeys):
        self._obeys_mute = obeys
        self.apply_gain()

    def apply_gain(self) -> None:
        """As loud as volume and mute switch have it."""
        muted = self.is_inner and self._obeys_mute and options["obeyMuteSwitch"] and getattr(kiosk, "_muted", False)
        self._set_gain(0 if muted else int(self._volume * pcm.ONE))

    # What follows from it.

    async def _open_with_reserve(self, src):
        if gc.mem_free() < _RESERVE:
            gc.collect()
            if gc.mem_free() < _RESERVE:
                raise MemoryError
        task = self._opening = asyncio.current_task()
        try:
            return await self._opener(src)
        finally:
            if self._opening is task:
                self._opening = None

    def _stop_opening(self):
        """A server that does not answer would keep its connection for a minute."""
        task, self._opening = self._opening, None
        if task and task is not asyncio.current_task():
            task.cancel()

    async def _probe(self, run):
        """Whether src can be played, and how long it is.  It is not kept open: a decoder takes 30 KB."""
        try:
            if run != self._run:
                return
            source = await self._open(self.src)
            length_ms = source.duration_ms
            source.close()
            if run == self._run:
                self._length_ms = length_ms
                self._is_probed = True
                self._enqueue("Canplay", None)
        except Exception as exc:  # noqa: BLE001  a supervisor: what is wrong with the source is an event
            if run == self._run:
                self._fail(exc)
        finally:
            tasks.finished()

    def _tell(self, event, exc=None):
        if event == "Canplay":
            self._length_ms = self._source.duration_ms
            probed, self._is_probed = self._is_probed, False
            if probed:
                return
        for waiter in self._waiters:
            if (exc or event in waiter[0]) and not waiter[1].is_set():
                waiter[2] = exc
                waiter[1].set()
        self._enqueue(event, exc)

    def _enqueue(self, event, exc):
        if not self._queue:
            tasks.spawn(self._deliver())
        self._queue.append((event, exc))

    async def _deliver(self):
        try:
            told, self._queue = self._queue, []
            for event, exc in told:
                if self._emit:  # a listener before may have destroyed it
                    self._hear(event, exc)
        finally:
            tasks.finished()

    def _close(self):
        super()._close()
        self._stop_opening()
        if self in _active:
            _active.remove(self)


def _enter(sound, program):
    global _program
    if _program is not program:
        _program = program
        program.at_hide += (_hide,)
        program.at_close += (_end,)
    if sound not in _active:
        _active.append(sound)


def _pause(chosen):
    for each in tuple(_active):
        if chosen(each):
            each.pause()


def _hide():
    if not app.current.closing:
        _pause(lambda each: not each._in_background)
        return
    for each in tuple(_active):
        each.destroy()
    tasks.spawn(_fade_out())


async def _fade_out():
    """What the closing of the mini-program waits for."""
    try:
        while not mixer.is_idle():
            await asyncio.sleep_ms(10)
    finally:
        tasks.finished()


def _end():
    for each in tuple(_active):
        each.destroy()
    mixer.shut()


def apply_gains() -> None:
    """The mute switch, or who obeys it, has changed."""
    for each in _active:
        each.apply_gain()


def ms(seconds) -> int:
    """Milliseconds of a place that a mini-program gives in seconds; before the beginning is the beginning."""
    return int(max(0, min(seconds, _SECONDS_MAX)) * 1000 + 0.5)


def fault(exc):
    """KioskError: any exception as one of the four of sound, or as it is where it says more.

    10001 system, 10002 network, 10003 file, 10004 format; what else there is (-1) keeps its errno.
    """
    error = errors.from_exception(exc)
    if 600000 <= error.errno < 700000:
        return KioskError("sound network", error.reason)
    if 1300000 <= error.errno < 1400000:
        return KioskError("sound file", error.reason)
    if isinstance(exc, (OSError, MemoryError)) or error.errno == _OOM:
        return KioskError("sound system", error.reason if len(exc.args) < 2 or exc is error else exc.args[1])
    return error


def result(name: str, exc):
    """What a listener is given: of an Error errCode and errMsg, which begins with `name`; else nothing."""
    if exc is None:
        return api.Result()
    error = fault(exc)
    given = api.failure(name, error)
    given["errCode"] = error.errno if 10001 <= error.errno <= 10004 else -1
    return given
