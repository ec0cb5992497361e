"""
What the models of small SPI displays have in common: commands, a window, a memory, and what is seen of it.

Source: ST7789V data sheet, version 1.4 ("ST"), sections 8.8, 8.12 and 9.1; the commands are those of MIPI DCS.

What the chip would not have done right is a text in `faults`: commands that it does not know, parameters too few or too many, windows that
are not in its memory, pixels that are cut in half, a command too soon after a reset or a wake.
"""

from array import array
from pathlib import Path
from typing import Dict, List, Optional, Tuple, Union

from PIL import Image

from host_tools.models.wires import Prepared, SpiModel

_COLUMNS, _ROWS, _WRITE, _ORDER, _FORMAT, _CONTINUE = 0x2A, 0x2B, 0x2C, 0x36, 0x3A, 0x3C
_MY, _MX, _MV, _BGR = 0x80, 0x40, 0x20, 0x08
_PATIENCE = 32768  # bytes of a picture that are handed over at a time
_RESET_NS = 5e6  # ST 9.1.2, 9.1.12: before the next command
_WAKE_NS = 120e6  # between a wake and a sleep
_FLICKER_NS = 3e6  # of a light that is dimmed by pulses

# Command -> how many parameters: a number, or a range.
COMMON = {
    0x00: 0, 0x01: 0, 0x10: 0, 0x11: 0, 0x12: 0, 0x13: 0, 0x20: 0, 0x21: 0, 0x28: 0, 0x29: 0, 0x2A: 4, 0x2B: 4,
    0x34: 0, 0x35: 1, 0x36: 1, 0x38: 0, 0x39: 0, 0x3A: 1,
}  # fmt: skip


class Panel(SpiModel):
    """width, height: of the glass; offset: where it begins in the memory; turns: quarter turns that it is mounted with.

    Pins: dc, and perhaps reset and backlight; what is not wired is not driven: no reset, the light is on.
    pixels: of all that were written; windows: list of (first column, first row, last column, last row).
    """

    memory_size = (240, 320)
    mirrored = False  # whether column 0 is on the right of the glass
    swapped = False  # whether the glass has blue where the chip means red
    negative = False  # whether the glass shows 0 as white
    own: Dict[int, Union[int, Tuple[int, int]]] = {}  # commands besides the common ones

    def __init__(self, width: int = 240, height: int = 320, offset: Tuple[int, int] = (0, 0), turns: int = 0):
        self.width = width
        self.height = height
        self.offset = offset
        self.turns = turns
        self.faults: List[str] = []
        self.windows: List[Tuple[int, int, int, int]] = []
        self.pixels = 0
        self.light = 1.0
        self._was_lit = False
        self._last: Optional[Image.Image] = None
        self._fell_ns = float("-inf")
        self._dc = 1
        self._selected = False
        self._memory = array("H", bytes(2 * self.memory_size[0] * self.memory_size[1]))
        self._soft_reset()
        self._ready_ns = self._awake_ns = 0.0

    def _soft_reset(self) -> None:
        self.is_asleep = True
        self.is_on = False
        self.is_inverted = False
        self.order = 0
        self.bits = 18
        self._columns = (0, self.memory_size[0] - 1)
        self._rows = (0, self.memory_size[1] - 1)
        self._command = 0
        self._parameters = bytearray()
        self._place = (0, 0)
        self._half = b""

    # The wires.

    def pin_changed(self, name: str, level: int) -> None:
        """D/C, reset or the light."""
        if name == "dc":
            self._dc = level
        elif name == "reset" and not level:
            self._finish()
            self._soft_reset()
            self._ready_ns = self.wires.now_ns() + _RESET_NS
        elif name == "backlight":
            if not level:
                self._fell_ns = self.wires.now_ns()
            self._set_light(float(level))

    def pin_pulses(self, name: str, freq_hz: float, duty: float) -> None:
        """The light, dimmed."""
        if name == "backlight":
            self._set_light(duty)

    def _set_light(self, light: float) -> None:
        self.light = light
        self._was_lit = self._was_lit or light > 0

    def select(self) -> Prepared:
        """A transaction begins."""
        return Prepared(b"", 1)

    def shift(self, mosi: bytes) -> Prepared:
        """Bytes have come: commands are asked for one by one, the rest in bulk."""
        if not self._dc:
            return self._begin(mosi)
        self._take(mosi)
        return Prepared(b"", self._missing())

    def deselect(self, mosi: bytes) -> None:
        """The transaction is over; the command is not, before the next one."""
        if mosi and not self._dc:
            self.faults.append(f"{len(mosi)} bytes were on their way when D/C fell")
        self._take(mosi)

    def _missing(self) -> int:
        if self._command in (_WRITE, _CONTINUE):
            return _PATIENCE
        return max(1, self._expected()[1] - len(self._parameters))

    def _expected(self) -> Tuple[int, int]:
        found = self.own.get(self._command, COMMON.get(self._command, (0, 255)))
        return found if isinstance(found, tuple) else (found, found)

    def _begin(self, commands: bytes) -> Prepared:
        for command in commands:
            self._finish()
            self._command = command
            self._parameters.clear()
            if command not in COMMON and command not in self.own and command not in (_WRITE, _CONTINUE):
                self.faults.append(f"unknown command {command:02X}")
            if self.wires.now_ns() < self._ready_ns:
                self.faults.append(f"command {command:02X} too soon after a reset or a wake")
            if command == _WRITE:
                self._place = (self._columns[0], self._rows[0])
                self.windows.append((self._columns[0], self._rows[0], self._columns[1], self._rows[1]))
            if self._expected() == (0, 0):
                self._act(b"")
        return Prepared(self._answer(), 1)

    def _answer(self) -> bytes:
        """What the chip sends after a command."""
        return b""

    def _take(self, data: bytes) -> None:
        if self._command in (_WRITE, _CONTINUE):
            self._fill(data)
            return
        self._parameters += data
        if data and len(self._parameters) == self._expected()[1]:
            self._act(bytes(self._parameters))

    def _finish(self) -> None:
        """The command before is over: had it what it needs?"""
        least, most = self._expected()
        if self._half:
            self.faults.append("half a pixel was sent")
            self._half = b""
        if self._command not in (_WRITE, _CONTINUE) and not least <= len(self._parameters) <= most:
            self.faults.append(f"command {self._command:02X} with {len(self._parameters)} parameters")

    # What the commands do.

    def _act(self, parameters: bytes) -> None:
        now_ns = self.wires.now_ns()
        command = self._command
        if command == 0x01:
            self._soft_reset()
            self._ready_ns = now_ns + _RESET_NS
        elif command in (0x10, 0x11):
            if command == 0x10 and now_ns < self._awake_ns:
                self.faults.append("asleep too soon after a wake")
            self.is_asleep = command == 0x10
            self._ready_ns = now_ns + _RESET_NS
            self._awake_ns = now_ns + _WAKE_NS
        elif command in (0x20, 0x21):
            self.is_inverted = command == 0x21
        elif command in (0x28, 0x29):
            if self.is_on and command == 0x28 and self._was_lit:
                self._last = self._picture()
                self._was_lit = False
            self.is_on = command == 0x29
        elif command in (_COLUMNS, _ROWS):
            self._set_range(parameters)
        elif command == _ORDER:
            self.order = parameters[0]
        elif command == _FORMAT:
            self.bits = {5: 16, 6: 18, 3: 12}.get(parameters[0] & 7, 0)
            if self.bits != 16:
                self.faults.append(f"pixels of {self.bits} bits are not modelled")

    def _set_range(self, parameters: bytes) -> None:
        first, last = int.from_bytes(parameters[:2], "big"), int.from_bytes(parameters[2:], "big")
        sizes = self.memory_size[::-1] if self.order & _MV else self.memory_size
        size = sizes[0 if self._command == _COLUMNS else 1]
        if not first <= last < size:
            self.faults.append(
                f"{first} to {last} are not in {size} {'columns' if self._command == _COLUMNS else 'rows'}"
            )
            return
        if self._command == _COLUMNS:
            self._columns = (first, last)
        else:
            self._rows = (first, last)

    def _fill(self, data: bytes) -> None:
        data = self._half + data
        self._half = data[len(data) & ~1 :]
        pixels = array("H", data[: len(data) & ~1])
        pixels.byteswap()
        self.pixels += len(pixels)
        at = 0
        while at < len(pixels):
            column, row = self._place
            count = min(len(pixels) - at, self._columns[1] - column + 1)
            self._fill_row(column, row, pixels[at : at + count])
            at += count
            if column + count > self._columns[1]:
                self._place = (self._columns[0], row + 1 if row < self._rows[1] else self._rows[0])
            else:
                self._place = (column + count, row)

    def _fill_row(self, column: int, row: int, pixels: array) -> None:
        width, height = self.memory_size
        x, y = (row, column) if self.order & _MV else (column, row)
        step_x, step_y = (0, 1) if self.order & _MV else (1, 0)
        if self.order & _MX:
            x, step_x = width - 1 - x, -step_x
        if self.order & _MY:
            y, step_y = height - 1 - y, -step_y
        start, step = y * width + x, step_y * width + step_x
        stop = start + step * len(pixels)
        if not (0 <= x < width and 0 <= y < height and 0 <= stop - step < width * height):
            self.faults.append(f"pixels at {column},{row} are not in the memory")
            return
        self._memory[start : stop if stop >= 0 else None : step] = pixels

    # What is seen.

    def is_lit(self) -> bool:
        """Whether the light is on, or was a moment ago: the virtual board moves the pin with each pulse."""
        return bool(self.light) or self.wires.now_ns() - self._fell_ns < _FLICKER_NS

    def image(self) -> Image.Image:
        """The glass as somebody sees it who looks at it the way it is mounted; black without light, or switched off."""
        if self.is_asleep or not self.is_on or not self.is_lit():
            size = (self.height, self.width) if self.turns & 1 else (self.width, self.height)
            return Image.new("RGB", size)
        return self._picture()

    def _picture(self) -> Image.Image:
        width, height = self.memory_size
        rgb = bytearray()
        swap = self.swapped != bool(self.order & _BGR)
        flip = 0xFF if self.negative != self.is_inverted else 0
        colours = {}
        for value in self._memory:
            if value not in colours:
                red, green, blue = value >> 11, value >> 5 & 63, value & 31
                parts = (red << 3 | red >> 2, green << 2 | green >> 4, blue << 3 | blue >> 2)
                colours[value] = bytes(part ^ flip for part in (parts[::-1] if swap else parts))
            rgb += colours[value]
        picture = Image.frombytes("RGB", (width, height), bytes(rgb))
        if self.mirrored:
            picture = picture.transpose(Image.Transpose.FLIP_LEFT_RIGHT)
        left, top = self.offset
        picture = picture.crop((left, top, left + self.width, top + self.height))
        return picture.rotate(90 * self.turns, expand=True) if self.turns else picture

    def screenshot(self, path: Path) -> None:
        """Write what is seen as a PNG file; of a panel that is switched off, what was seen last."""
        (self.image() if self.is_on or self._last is None else self._last).save(path, "PNG")
