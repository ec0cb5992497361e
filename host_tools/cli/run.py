"""`kiosk run APP`: pack a mini-program, start a kiosk, launch it there, and stay until it ends."""

import argparse
import contextlib
import tempfile
import time
import wave
from pathlib import Path
from typing import Iterator, List, Optional, Tuple

from host_tools.cli.album import Album
from host_tools.cli.screen import Screen, tap
from host_tools.errors import HostError
from host_tools.models.audio import Microphone, Speaker
from host_tools.models.ov2640 import ArduCam, wirings
from host_tools.models.wiring import I2sWiring, Wiring
from host_tools.package.pack import pack_folder, unpack_file
from host_tools.target import Target, open_target

_POLL_MS = 500
# Clock, word select and data: what is soldered where (boards/*/sound.py and pins.csv).
_MODELLED = ("unix", "virtual")
_MICROPHONE_PINS = (16, 17, 18)
_SPEAKER_PINS = (19, 20, 21)


def add_parser(commands) -> None:
    """Add the command to the command line."""
    parser = commands.add_parser("run", help="run a mini-program", description=__doc__)
    parser.add_argument("app", type=Path, metavar="APP", help="folder of a mini-program, or a packed one")
    parser.add_argument("--target", default="unix", type=_target, help="unix (the default), virtual or serial:PORT")
    parser.add_argument("--headless", action="store_true", help="without the simulator page (so far it always is)")
    parser.add_argument("--timeout", type=_seconds, metavar="S", help="end after so many seconds, with status 0")
    parser.add_argument("--heap", type=_bytes, metavar="BYTES", help="run the 32-bit build with a heap of this size")
    parser.add_argument("--query", default="", metavar="a=1&b=2", help="what the first page's onLoad gets")
    parser.add_argument("--no-url-check", action="store_true", help="any domain, plain http and ws too")
    parser.add_argument(
        "--allow", default=[], type=_scopes, metavar="SCOPE,...", help="permissions; others are refused"
    )
    parser.add_argument("--flash", type=Path, metavar="IMAGE", help="the file that plays the flash, and keeps it")
    parser.add_argument("--mic", type=Path, metavar="WAV", help="what the microphone hears (16 bits), then silence")
    parser.add_argument("--speaker", type=Path, metavar="WAV", help="write all that the speaker has played")
    parser.add_argument(
        "--camera", type=Path, metavar="PICTURE", help="what the camera sees: a JPEG, or a folder of them"
    )
    parser.add_argument(
        "--album", type=Path, metavar="FOLDER", help="what is in the album; what is saved comes back into it"
    )
    parser.add_argument("--screenshot", type=Path, metavar="PNG", help="write what the screen shows at the end")
    parser.add_argument(
        "--tap", type=tap, action="append", default=[], metavar="X,Y@MS", help="touch the screen MS after the start"
    )
    parser.add_argument("--trace", type=Path, metavar="VCD", help="write the levels of pins and buses (virtual only)")
    parser.set_defaults(run=run, wrong_usage=parser.error)


def _target(text: str) -> str:
    if text in ("unix", "virtual") or (text.startswith("serial:") and len(text) > len("serial:")):
        return text
    raise argparse.ArgumentTypeError(f"no such target: {text} (there are: unix, virtual, serial:PORT)")


def _seconds(text: str) -> float:
    try:
        seconds = float(text)
    except ValueError:
        seconds = -1
    if not 0 < seconds < float("inf"):
        raise argparse.ArgumentTypeError(f"not a number of seconds: {text}")
    return seconds


def _scopes(text: str) -> List[str]:
    scopes = text.split(",")
    for scope in scopes:
        if not scope.startswith("scope.") or scope == "scope.":
            raise argparse.ArgumentTypeError(f"no scope: {scope!r} (one is scope.record)")
    return scopes


def _bytes(text: str) -> int:
    units = {"k": 1024, "m": 1024 * 1024}
    number, unit = (text[:-1], units[text[-1].lower()]) if text[-1:].lower() in units else (text, 1)
    if not number.isdecimal() or int(number) * unit < 32 * 1024:
        raise argparse.ArgumentTypeError(f"not a heap of at least 32k: {text}")
    return int(number) * unit


def run(arguments: argparse.Namespace) -> int:
    """Run the command; return its exit status."""
    if arguments.trace and arguments.target != "virtual":
        arguments.wrong_usage(f"argument --trace: {arguments.target} has no pins to look at; --target virtual has")
    if (arguments.mic or arguments.speaker) and arguments.target not in _MODELLED:
        arguments.wrong_usage(
            f"argument --mic, --speaker: {arguments.target} has a microphone and a speaker of its own"
        )
    if arguments.camera and arguments.target not in _MODELLED:
        arguments.wrong_usage(f"argument --camera: {arguments.target} has a camera of its own")
    if (arguments.screenshot or arguments.tap) and arguments.target not in _MODELLED:
        arguments.wrong_usage(f"argument --screenshot, --tap: {arguments.target} has a screen of its own")
    with tempfile.TemporaryDirectory(prefix="mpkiosk-") as scratch:
        folder = Path(scratch) / "app"
        appid = _prepare(arguments.app, folder)
        screen = Screen(arguments.screenshot, arguments.tap)
        album = Album(arguments.album)
        with _kiosk(arguments, appid, folder, screen, album) as target:
            album.fill(target)
            # Nobody is asked: what is not allowed here is refused.
            options = {"query": arguments.query, "urlCheck": not arguments.no_url_check, "allow": arguments.allow}
            answer = target.launch(appid, **options)
            if answer["errMsg"] != "launch:ok":
                raise HostError(answer["errMsg"].partition("launch:fail ")[2])
            screen.start()
            try:
                status = _stay(target, arguments.timeout)
            except KeyboardInterrupt:
                album.collect(target)
                raise
            album.collect(target)
            return status


def _prepare(app: Path, folder: Path) -> str:
    if not app.exists():
        raise HostError(f"{app}: no such mini-program")
    if app.is_file():
        return unpack_file(app, folder)
    return pack_folder(app, folder)


@contextlib.contextmanager
def _kiosk(arguments: argparse.Namespace, appid: str, folder: Path, screen: Screen, album: Album) -> Iterator[Target]:
    if arguments.target in _MODELLED:
        speaker, chips = _sound(arguments)
        chips += screen.chips + _camera(arguments.camera)
        settings = {"apps": {appid: folder}, "flash": arguments.flash, "chips": chips}
        own = {"trace": arguments.trace}
        if arguments.target == "unix":
            own = {"heap": arguments.heap, "flash_kb": album.flash_kb}
        with open_target(arguments.target, **settings, **own) as target:
            if arguments.target == "virtual":
                target.join()
            try:
                yield target
            finally:
                screen.stop()
        if arguments.speaker:
            speaker.save(arguments.speaker)
        return
    with open_target(arguments.target) as target:
        target.install(folder, appid)
        yield target


def _sound(arguments: argparse.Namespace) -> Tuple[Speaker, List[Wiring]]:
    """The models of sound that the options ask for, where the boards have their wires; the speaker in any case."""
    speaker, chips = Speaker(), []
    if arguments.mic:
        try:
            microphone = Microphone.from_wav(arguments.mic)
        except (OSError, EOFError, ValueError, wave.Error) as error:
            raise HostError(f"--mic: {arguments.mic}: no WAV file of 16 bits ({error})") from error
        chips.append(I2sWiring(microphone, *_MICROPHONE_PINS))
    if arguments.speaker:
        if not arguments.speaker.parent.is_dir():
            raise HostError(f"--speaker: {arguments.speaker}: no such folder")
        chips.append(I2sWiring(speaker, *_SPEAKER_PINS))
    return speaker, chips


def _camera(source: Optional[Path]) -> List[Wiring]:
    if source is None:
        return []
    try:
        return wirings(ArduCam(source))
    except (OSError, ValueError) as error:
        raise HostError(f"--camera: {error}") from error


def _stay(target: Target, timeout_s) -> int:
    """Wait for the end of the mini-program, or of the time."""
    end = time.monotonic() + timeout_s if timeout_s else None
    try:
        while True:
            left_ms = _POLL_MS if end is None else int((end - time.monotonic()) * 1000)
            state = target.wait(max(0, min(_POLL_MS, left_ms)))
            if state["running"] is None:
                return 1 if state["failure"] else 0
            if left_ms <= 0:
                break
    except KeyboardInterrupt:
        target.stop()
        raise
    target.stop()
    return 0
