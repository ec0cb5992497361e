"""What CameraContext records: between a page's startRecord and its stopRecord.  The service is kiosk/video/recording.py."""

import asyncio

from kiosk import router
from kiosk.api import Result
from kiosk.errors import KioskError
from kiosk.tasks import finished, launch, spawn
from kiosk.video.recording import VideoRecording

START = (("selfieMirror", "Boolean", True), ("timeout", "Number", 30), ("timeoutCallback", "Function", None))
STOP = (("compressed", "Boolean", False),)
STOPPED = ("tempThumbPath", "tempVideoPath")

_LONGEST_S = const(300)
_SMALL, _LARGE = (320, 240), (640, 480)

_film = None  # _Film: what is recorded, or has been ended by a fault that nobody has heard of yet


class _Film:
    def __init__(self, recording, page, callback):
        self.recording = recording
        self.page = page
        self.callback = callback
        self.fault = self.kept = None
        self.done = asyncio.Event()

    async def run(self):
        global _film
        try:
            self.fault, self.kept = await self.recording.finish()
            if self.recording.ended_by in ("time", "hidden"):
                _film = None
                if self.callback and self.kept:
                    launch(self.callback, Result(_paths(self.kept)))
        except asyncio.CancelledError:
            _film = None
            raise
        except Exception as exc:  # noqa: BLE001  a supervisor: stopRecord() is told of it
            self.fault = exc
        finally:
            self.done.set()
            finished()


async def start(page, element, options):
    """Begin.  page: a call of another one cannot stop it; element: its <camera>, None on a board without a screen."""
    global _film
    timeout = options["timeout"]
    if not 0 < timeout <= _LONGEST_S:
        raise KioskError("parameter", "parameter.timeout should be at most %d;" % _LONGEST_S)
    if _film and not _film.done.is_set():
        raise KioskError("recorder", "is recording")
    recording = VideoRecording(
        int(timeout * 1000),
        element.facing() if element else "back",
        _LARGE if element and element.node.get("resolution") == "high" else _SMALL,
        is_shown=lambda: router.stack and router.stack[-1] is page,
    )
    await recording.start()
    _film = _Film(recording, page, options["timeoutCallback"])
    spawn(_film.run())


async def stop(page, options):
    """End; returns the paths.  KioskError: what has ended it before, with the paths if there is something to be seen."""
    global _film
    film = _film
    if not film or film.page is not page:
        raise KioskError("recorder", "record not start")
    if options["compressed"]:
        film.recording.compress()
    film.recording.stop()
    await film.done.wait()
    _film = None
    paths = _paths(film.kept) if film.kept else {}
    if film.fault:
        if isinstance(film.fault, KioskError):
            raise KioskError(*film.fault.args, **paths)
        raise film.fault
    if not paths:
        raise KioskError("recorder", "no picture has come")
    return paths


def _paths(kept):
    return {"tempThumbPath": kept.thumb_url, "tempVideoPath": kept.url}
