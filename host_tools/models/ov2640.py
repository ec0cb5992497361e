"""
An ArduCAM Mini 2MP: an OV2640 on I2C, and the FIFO that its pictures are read from over SPI.

Source: OmniVision OV2640 data sheet, version 1.6, tables 12 and 13; ArduCAM, "SPI camera hardware application note".

A frame begins when the sensor's next one does and takes as long as its mode says (SVGA 33 ms, UXGA 67 ms).  What is seen is a
JPEG, the pictures of a folder in turn, or a pattern with the frame's number (testpattern.py), cut to the part that the
registers name.

What it can be made to do wrong: `faults`, of the frames that come next, one of FAULTS or None, and `fault_always` of all others;
`is_silent` of either chip; the sensor's `identity`.  What the board does wrong is a text in `faulty` (registers that are not set, a burst beyond the frame).
"""

import io
from pathlib import Path
from typing import Dict, List, Optional, Tuple, Union

from PIL import Image, ImageChops, ImageOps

from host_tools.models import testpattern
from host_tools.models.registers import Registers
from host_tools.models.wires import Prepared, SpiModel
from host_tools.models.wiring import I2cWiring, SpiWiring, Wiring

FAULTS = ("slow", "no start", "no end", "truncated")
_FRAME_NS = {0: 66.7e6, 4: 33.3e6, 2: 16.7e6}  # COM7[6:4]: UXGA, SVGA, CIF
_SEEN = {0: (1600, 1200), 4: (800, 600), 2: (400, 296)}
_FIFO_BYTES = 384 * 1024
_PADDING = 8  # bytes that the FIFO has beyond the picture
_PIECE = 4096
_WRITE, _BURST, _SINGLE = 0x80, 0x3C, 0x3D
_TEST, _CONTROL, _FLAGS, _LENGTH = 0x00, 0x04, 0x41, 0x42
_PICTURES = (".jpg", ".jpeg", ".png", ".bmp")


class Sensor(Registers):
    """The OV2640.  identity: what it says it is; light: how bright what it sees is (YAVG); banks: what is in its registers."""

    address = 0x30

    def __init__(self):
        super().__init__()
        self.identity = (0x26, 0x42)
        self.light = 0x70
        self.resets = 0
        self._reset()

    def _reset(self) -> None:
        self.bank = 0
        self.banks: Tuple[Dict[int, int], Dict[int, int]] = ({0x05: 1, 0xE0: 0}, {0x12: 0, 0x09: 0x12})

    def get(self, register: int) -> int:
        """What a register holds."""
        if register == 0xFF:
            return self.bank
        if self.bank and register in (0x0A, 0x0B):
            return self.identity[register - 0x0A]
        if self.bank and register == 0x2F:
            return self.light
        return self.banks[self.bank].get(register, 0)

    def put(self, register: int, value: int) -> None:
        """Set one."""
        if register == 0xFF:
            self.bank = value & 1
        elif self.bank and register == 0x12 and value & 0x80:
            self.resets += 1
            self._reset()
        else:
            self.banks[self.bank][register] = value

    @property
    def mode(self) -> int:
        """Which of its resolutions it runs at: COM7[6:4]."""
        return self.banks[1].get(0x12, 0) >> 4 & 7

    @property
    def kind(self) -> Optional[str]:
        """What comes out: "jpeg", "rgb565", or None if it is set to nothing that a kiosk wants."""
        dsp = self.banks[0]
        if self.banks[1].get(0x09, 0) & 0x10 or dsp.get(0x05) or dsp.get(0xE0):
            return None  # asleep, the DSP passed by, or held in reset
        return {0x10: "jpeg", 0x08: "rgb565"}.get(dsp.get(0xDA, 0) & 0x5D)

    @property
    def size(self) -> Tuple[int, int]:
        """Of what comes out: ZMOW, ZMOH, ZMHH."""
        dsp = self.banks[0]
        high = dsp.get(0x5C, 0)
        return 4 * (dsp.get(0x5A, 0) | (high & 3) << 8), 4 * (dsp.get(0x5B, 0) | (high & 4) << 6)

    @property
    def cut(self) -> Tuple[int, int, int, int]:
        """left, top, right, bottom of what is taken of what the sensor sees: HSIZE and so on."""
        dsp = self.banks[0]
        high = dsp.get(0x55, 0)
        width = 4 * (dsp.get(0x51, 0) | (high & 0x08) << 5 | (dsp.get(0x57, 0) & 0x80) << 2)
        height = 4 * (dsp.get(0x52, 0) | (high & 0x80) << 1)
        left = dsp.get(0x53, 0) | (high & 0x07) << 8
        top = dsp.get(0x54, 0) | (high & 0x70) << 4
        return left, top, left + width, top + height

    @property
    def percent(self) -> int:
        """Of the JPEG, as Pillow counts it: QS."""
        return max(1, 100 - self.banks[0].get(0x44, 12) * 100 // 63)


class ArduCam(SpiModel):
    """The FIFO; `sensor` is the other half, to be wired to the I2C bus.

    source: a picture, a folder of them, or None for the pattern.  frames: how many were taken; sent: their bytes; ends_ns:
    of each JPEG, when the sensor had given its frame.
    """

    def __init__(self, source: Optional[Union[str, Path]] = None, dummies: int = 0):
        self.sensor = Sensor()
        self.is_silent = False
        self.faults: List[Optional[str]] = []
        self.fault_always: Optional[str] = None
        self.faulty: List[str] = []
        self.frames = 0
        self.sent = 0
        self.bursts = 0
        self.ends_ns: List[float] = []
        self._dummies = dummies
        self._pictures = _pictures(source)
        self._registers: Dict[int, int] = {}
        self._data = b""
        self._done_ns: Optional[float] = None
        self._is_taken = False
        self._at = 0
        self._command: Optional[int] = None
        self._drawn: Dict[tuple, bytes] = {}

    # The wires.

    def select(self) -> Prepared:
        """A transaction begins with a register's number."""
        self._command = None
        return Prepared(b"", 1)

    def shift(self, mosi: bytes) -> Prepared:
        """The number, or what is to be written, or the FIFO is read on."""
        if self.is_silent:
            return Prepared(b"", 0)
        if self._command is None:
            return self._begin(mosi[0])
        if self._command & _WRITE:
            self._put(self._command & 0x7F, mosi[0])
            return Prepared(b"", 0)
        return self._read_on(len(mosi))

    def deselect(self, mosi: bytes) -> None:
        """The transaction is over; what was clocked out is gone."""
        if self._command in (_BURST, _SINGLE):
            self._read_on(len(mosi))
        self._command = None

    def _begin(self, command: int) -> Prepared:
        self._command = command
        if command & _WRITE:
            return Prepared(b"", 1)
        if command in (_BURST, _SINGLE):
            self.bursts += 1
            self._left_out = self._dummies if command == _BURST else 0
            return self._piece()
        return Prepared(bytes([self._get(command)]), 0)

    def _piece(self) -> Prepared:
        piece = bytes(self._left_out) + self._data[self._at : self._at + _PIECE]
        piece = piece or bytes(16)
        return Prepared(piece, len(piece))

    def _read_on(self, count: int) -> Prepared:
        skipped = min(count, self._left_out)
        self._left_out -= skipped
        count -= skipped
        if self._at + count > len(self._data):
            self.faulty.append(f"{self._at + count - len(self._data)} bytes were read beyond the frame")
        self._at = min(len(self._data), self._at + count)
        self.sent += count
        return self._piece()

    # The registers.

    def _get(self, register: int) -> int:
        if register == _FLAGS:
            return 0x08 if self._is_done() else 0
        if _LENGTH <= register < _LENGTH + 3:
            length = len(self._data) if self._is_done() else 0
            return length >> 8 * (register - _LENGTH) & 0xFF
        return self._registers.get(register, 0)

    def _put(self, register: int, value: int) -> None:
        self._registers[register] = value
        if register == _CONTROL:
            if value & 0x01:
                self._done_ns = None
            if value & 0x20:
                self._at = 0
            if value & 0x02:
                self._start()

    def _start(self) -> None:
        frame_ns = _FRAME_NS.get(self.sensor.mode, 66.7e6)
        begins = -(-self.wires.now_ns() // frame_ns)
        self._fault = self.faults.pop(0) if self.faults else self.fault_always
        self._done_ns = float("inf") if self._fault == "slow" else (begins + 1) * frame_ns
        self._is_taken = False
        self._data = b""

    def _is_done(self) -> bool:
        if self._done_ns is None or self.wires.now_ns() < self._done_ns:
            return False
        if not self._is_taken:
            self._is_taken = True
            self._data = self._spoiled(self._frame())
            self.frames += 1
            if self.sensor.kind == "jpeg":
                self.ends_ns.append(self._done_ns)
        return True

    def _spoiled(self, data: bytes) -> bytes:
        if len(data) > _FIFO_BYTES:
            return data[:_FIFO_BYTES]
        if self._fault == "truncated":
            return data[: len(data) // 2]
        if self._fault == "no start":
            data = b"\0\0" + data[2:]
        if self._fault == "no end":
            data = data[:-2] + b"\0\0"
        return data + bytes(_PADDING)

    # The pictures.

    def _frame(self) -> bytes:
        sensor = self.sensor
        if sensor.kind is None or sensor.mode not in _SEEN or 0 in sensor.size:
            self.faulty.append("a frame was taken of a sensor that is not set up")
            return b""
        number = self.frames if self._pictures is None else self.frames % len(self._pictures)
        known = (number, sensor.kind, sensor.size, sensor.cut, sensor.mode, sensor.percent)
        if known not in self._drawn:
            if len(self._drawn) > 64:
                self._drawn.clear()
            self._drawn[known] = self._draw(number)
        return self._drawn[known]

    def _draw(self, number: int) -> bytes:
        sensor = self.sensor
        seen = _SEEN[sensor.mode]
        if self._pictures is None:
            picture = testpattern.draw(number, seen)
        else:
            picture = ImageOps.fit(Image.open(self._pictures[number]).convert("RGB"), seen)
        left, top, right, bottom = sensor.cut
        if right > seen[0] or bottom > seen[1] or right - left < sensor.size[0] or bottom - top < sensor.size[1]:
            self.faulty.append(f"{sensor.cut} of {seen} cannot become {sensor.size}")
        picture = picture.crop(sensor.cut).resize(sensor.size)
        if sensor.kind == "rgb565":
            return rgb565(picture)
        file = io.BytesIO()
        picture.save(file, "JPEG", quality=sensor.percent)
        return file.getvalue()


def rgb565(picture: Image.Image) -> bytes:
    """The pixels of a picture as they come from the chip: upper byte first, row by row."""
    red, green, blue = picture.convert("RGB").split()
    high = ImageChops.add(red.point(lambda value: value & 0xF8), green.point(lambda value: value >> 5))
    low = ImageChops.add(green.point(lambda value: value << 3 & 0xE0), blue.point(lambda value: value >> 3))
    return Image.merge("LA", (high, low)).tobytes()


def _pictures(source: Optional[Union[str, Path]]) -> Optional[List[Path]]:
    """The files to show.  ValueError if there is none, or one is no picture."""
    if source is None:
        return None
    path = Path(source)
    files = sorted(each for each in path.iterdir() if each.suffix.lower() in _PICTURES) if path.is_dir() else [path]
    if not files:
        raise ValueError(f"{path}: no pictures")
    for file in files:
        try:
            with Image.open(file) as picture:
                picture.verify()
        except (OSError, SyntaxError) as error:
            raise ValueError(f"{file}: no picture ({error})") from error
    return files


def wirings(camera: ArduCam) -> List[Wiring]:
    """Where the boards have it: boards/*/lens.py of the Nano Connect and of the emulator."""
    return [SpiWiring(camera, bus=0, cs=29), I2cWiring(camera.sensor, bus=0)]
