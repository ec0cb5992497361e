"""`kiosk run --screenshot PNG --tap X,Y@MS`: the models of a display and a touch controller, and the finger on them."""

import argparse
import re
import threading
from pathlib import Path
from typing import List, NamedTuple, Optional, Sequence

from host_tools.errors import HostError
from host_tools.models.ft6x36 import Ft6x36
from host_tools.models.st7789 import St7789
from host_tools.models.wiring import I2cWiring, SpiWiring, Wiring

# What is soldered where, and how the glass is mounted (boards/*/screen.py and pins.csv).
_TURNS = 1
_WIDTH, _HEIGHT = 320, 240
_DISPLAY_PINS = {"dc": 15, "reset": 25, "backlight": 26}
_TOUCH_PINS = {"int": 27, "reset": 28}
_TAP_S = 0.08  # how long a finger stays: shorter than a long press, longer than a poll


class Tap(NamedTuple):
    """A touch of the screen, at a pixel, so many ms after the first page is ready."""

    x: int
    y: int
    at_ms: int


def tap(text: str) -> Tap:
    """X,Y@MS as the command line has it."""
    found = re.fullmatch(r"(\d{1,4}),(\d{1,4})@(\d{1,7})", text)
    if not found:
        raise argparse.ArgumentTypeError(f"not X,Y@MS: {text}")
    touch = Tap(*map(int, found.groups()))
    if touch.x >= _WIDTH or touch.y >= _HEIGHT:
        raise argparse.ArgumentTypeError(f"{touch.x},{touch.y} is not on the screen of {_WIDTH}x{_HEIGHT}")
    return touch


class Screen:
    """chips: what is wired to the board; nothing if neither a screenshot nor a tap is wanted."""

    def __init__(self, screenshot: Optional[Path], taps: Sequence[Tap]):
        self.chips: List[Wiring] = []
        self._path = screenshot
        self._taps = sorted(taps, key=lambda each: each.at_ms)
        self._ended = threading.Event()
        self._finger: Optional[threading.Thread] = None
        if screenshot and not screenshot.parent.is_dir():
            raise HostError(f"--screenshot: {screenshot}: no such folder")
        if screenshot or taps:
            self.display = St7789(turns=_TURNS)
            self.touch = Ft6x36(turns=_TURNS)
            self.chips += [
                SpiWiring(self.display, 0, cs=5, pins=_DISPLAY_PINS),
                I2cWiring(self.touch, 0, _TOUCH_PINS),
            ]

    def start(self) -> None:
        """The first page is ready: the times of the taps count from here."""
        if self._taps:
            self._finger = threading.Thread(target=self._tap, name="finger", daemon=True)
            self._finger.start()

    def _tap(self) -> None:
        now_ms = 0.0
        for each in self._taps:
            if self._ended.wait(max(0.0, (each.at_ms - now_ms) / 1000)):
                return
            self.touch.press(each.x, each.y)
            stays = self._ended.wait(_TAP_S)
            self.touch.release()
            if stays:
                return
            now_ms = max(now_ms, each.at_ms) + _TAP_S * 1000

    def stop(self) -> None:
        """The run ends: no more taps; the screenshot is written."""
        self._ended.set()
        if self._finger:
            self._finger.join()
        if self._path:
            self.display.screenshot(self._path)
