"""
OV2640 behind ArduCAM's FIFO (Mini 2MP and 2MP Plus): the sensor on I2C, its pictures over SPI.

Source: OmniVision OV2640 data sheet, version 1.6 ("DS"), tables 12 (DSP, bank 0) and 13 (sensor, bank 1); ArduCAM, "SPI camera
hardware application note" ("AN"), registers of the ArduChip.  Only what those two say is set: the gains, the gamma and the
matrix are the chip's own after a reset.  Not tried on silicon.

The sensor runs at 800x600 (30 frames a second), for larger pictures at 1600x1200 (15); its DSP cuts out and makes smaller.
"""

import asyncio
import errno
import time

_FREQ_HZ = const(8000000)  # AN: at most
_ADDRESS = const(0x30)
_PATIENCE_MS = const(1000)  # for a frame, of which the longest is 67 ms and may have to be waited for first
_POLL_MS = const(1)
_RESET_MS = const(10)  # DS: 1 ms; a module's supply may be slower
_FIFO_BYTES = const(393216)  # of the first modules; the Plus has 8 MB

# The ArduChip's registers; with bit 7 they are written.
_TEST = const(0x00)
_FRAMES = const(0x01)
_TIMING = const(0x03)
_CONTROL = const(0x04)
_BURST = const(0x3C)
_FLAGS = const(0x41)
_LENGTH = const(0x42)
_CLEAR = const(0x31)  # done flag, write pointer, read pointer
_START = const(0x02)
_DONE = const(0x08)

# The sensor's.
_BANK = const(0xFF)
_IDENTITY = const(0x0A)
_LUMINANCE = const(0x2F)  # YAVG
_SVGA = const(0x40)  # COM7
_UXGA = const(0x00)

_NO_ANSWER = "the OV2640 does not answer"
_COLD_FRAMES = const(8)  # until exposure and white balance are right: a quarter of a second


class OV2640:
    """spi, i2c: the buses; cs: a Pin, output, high.  torch: the Pin of a light, or None.

    dummies: bytes that come before the picture's at the beginning of each burst: 1 for the first Mini 2MP, 0 for the Plus.
    """

    sizes = (
        (160, 120), (176, 144), (320, 240), (352, 288), (640, 480), (800, 600), (1024, 768), (1280, 1024), (1600, 1200)
    )  # fmt: skip

    def __init__(self, spi, cs, i2c, torch=None, dummies=0):
        self._spi = spi
        self._cs = cs
        self._i2c = i2c
        self._torch = torch
        self.has_torch = torch is not None
        self.settle_frames = _COLD_FRAMES
        self.zoom_most = 1.0
        self._pair = bytearray(2)
        self._byte = bytearray(1)
        self._head = bytes((_BURST,)) + bytes(dummies)
        self._mode = None  # COM7
        self._bank = None
        self._size = None
        self._cut_set = None  # the registers of what is cut out
        self._times = 1.0  # zoom
        self._scale = None  # of the quantisation
        self._left = 0
        self._is_begun = False

    # The doors to the two buses.

    def _claim(self):
        self._cs(1)
        self._spi.init(baudrate=_FREQ_HZ, polarity=0, phase=0)

    def _put(self, register, value):
        self._claim()
        self._put_on(register, value)

    def _put_on(self, register, value):  # nobody had the bus since the one before
        self._pair[0] = register | 0x80
        self._pair[1] = value
        self._cs(0)
        self._spi.write(self._pair)
        self._cs(1)

    def _get(self, register):
        self._claim()
        return self._get_on(register)

    def _get_on(self, register):
        self._byte[0] = register
        self._cs(0)
        self._spi.write(self._byte)
        self._spi.readinto(self._byte)
        self._cs(1)
        return self._byte[0]

    def _set(self, bank, values):
        # values: register, value, register, value ...
        pair = self._pair
        if self._bank != bank:
            self._bank = None
            pair[0] = _BANK
            pair[1] = bank
            self._i2c.writeto(_ADDRESS, pair)
            self._bank = bank
        for at in range(0, len(values), 2):
            pair[0] = values[at]
            pair[1] = values[at + 1]
            self._i2c.writeto(_ADDRESS, pair)

    def _sensor(self, register):
        self._byte[0] = register
        self._i2c.writeto(_ADDRESS, self._byte)  # SCCB wants a stop in between
        self._i2c.readfrom_into(_ADDRESS, self._byte)
        return self._byte[0]

    # What the contract has.

    def fit(self, kind: str, width: int, height: int) -> tuple:
        """JPEGs: the smallest that covers it; pixels: steps of four, at most what the sensor and the FIFO have."""
        if kind == "jpeg":
            for size in self.sizes:
                if size[0] >= width and size[1] >= height:
                    return size
            return self.sizes[-1]
        width = max(16, min(width + 3 & ~3, 800))
        return width, max(16, min(height + 3 & ~3, 600, _FIFO_BYTES // (2 * width) & ~3))

    def torch(self, on: bool) -> None:
        """Switch the light."""
        if self._torch:
            self._torch(1 if on else 0)

    def light(self):
        """YAVG, the mean of what is seen after exposure and gain have done what they can."""
        if self._mode is None:
            return None
        self._set(1, b"")
        return self._sensor(_LUMINANCE)

    async def open(self, kind: str, width: int, height: int) -> None:
        """Ask both chips who they are and set them up; one that is open, only what is another than before."""
        if kind not in ("jpeg", "rgb565") or self.fit(kind, width, height) != (width, height):
            raise ValueError("the OV2640 gives no %s of %dx%d" % (kind, width, height))
        self.abandon()
        mode = _SVGA if width <= 800 and height <= 600 else _UXGA
        was = self._mode
        self.settle_frames = 0
        self._mode = None  # until all of it is said
        if was is None:
            self._identify()
        try:
            if was is None:
                self._set(1, b"\x12\x80")  # COM7: reset
                self._bank = self._cut_set = None
                self._times = 1.0
                await asyncio.sleep_ms(_RESET_MS)
                self._put(_TIMING, 0)
                self._put(_FRAMES, 0)  # one at a time
                self._set_up()
            if mode != was:
                self._window(mode)
                self.settle_frames = _COLD_FRAMES
            self._output(kind, width, height)
        except OSError:
            raise OSError(errno.ENODEV, _NO_ANSWER)
        self._mode = mode

    def _identify(self):
        for value in (0x55, 0xAA):
            self._put(_TEST, value)
            found = self._get(_TEST)
            if found != value:
                raise OSError(errno.ENODEV, "no ArduCAM: its test register gives %02X" % found)
        try:
            self._bank = None
            self._set(1, b"")
            high = self._sensor(_IDENTITY)
            low = self._sensor(_IDENTITY + 1)
        except OSError:
            raise OSError(errno.ENODEV, _NO_ANSWER)
        if high != 0x26 or low & 0xF0 != 0x40:
            raise OSError(errno.ENODEV, "no OV2640, but %02X%02X" % (high, low))

    def _set_up(self):
        # CLKRC: as fast as it goes; COM2: awake; REG04: upright, HREF and VREF on; COM8: exposure, gain and banding are its own;
        # COM9: gain up to 8.
        self._set(1, b"\x11\x00\x09\x02\x04\x28\x13\xe7\x14\x48")
        # R_BYPASS: the DSP is in the way; CTRL2, CTRL3, CTRL0, CTRL1: all of its stages work; R_DVP_SP: the rate is its own.
        self._set(0, b"\x05\x00\x86\x3d\x87\xd0\xc2\x0e\xc3\xff\xd3\x82")

    def _window(self, mode):
        # HREFST, HREFEND, VSTRT, VEND, in 16 columns and 8 rows; REG32 and COM1 have the rest of their bits.
        if mode == _SVGA:
            self._set(1, b"\x12\x40\x17\x11\x18\x43\x19\x00\x1a\x4b\x32\x09\x03\x0a")
            self._seen = (800, 600)
        else:
            self._set(1, b"\x12\x00\x17\x11\x18\x75\x19\x01\x1a\x97\x32\x36\x03\x0f")
            self._seen = (1600, 1200)
        width, height = self._seen
        # HSIZE8, VSIZE8 in steps of eight; both have nothing over for SIZEL.
        self._set(0, bytes((0xE0, 0x04, 0xC0, width >> 3, 0xC1, height >> 3, 0x8C, 0)))

    def _output(self, kind, width, height):
        self._size = (width, height)
        self.zoom_most = min(self._seen[0] / width, self._seen[1] / height)
        self._set(0, b"\xe0\x14")  # JPEG and port are held in reset meanwhile
        self._cut()
        # IMAGE_MODE: JPEG with HREF as the port has it, or RGB565 with the upper byte first.
        self._set(0, b"\xda\x10" if kind == "jpeg" else b"\xda\x08")
        self._set(0, b"\xe0\x00")
        self._scale = None

    def _cut(self):
        # The part of what the sensor sees that has the picture's shape, in the middle, and by how much it is made smaller.
        seen_width, seen_height = self._seen
        width, height = self._size
        ratio = min(seen_width / width, seen_height / height)
        ratio /= min(self._times, self.zoom_most)
        cut_width = min(seen_width, max(width, int(width * ratio))) & ~3
        cut_height = min(seen_height, max(height, int(height * ratio))) & ~3
        left = seen_width - cut_width >> 1
        top = seen_height - cut_height >> 1
        halvings = 0
        while ratio >= 2 << halvings and halvings < 3:
            halvings += 1
        across, down = cut_width >> 2, cut_height >> 2
        out_across, out_down = width >> 2, height >> 2
        # CTRLI; HSIZE, VSIZE, XOFFL, YOFFL, VHYX, TEST; ZMOW, ZMOH, ZMHH.
        values = bytes((
            0x50, halvings << 3 | halvings,
            0x51, across & 0xFF, 0x52, down & 0xFF, 0x53, left & 0xFF, 0x54, top & 0xFF,
            0x55, (down >> 8) << 7 | (top >> 8) << 4 | (across >> 8 & 1) << 3 | left >> 8,
            0x57, (across >> 9) << 7,
            0x5A, out_across & 0xFF, 0x5B, out_down & 0xFF, 0x5C, (out_down >> 8) << 2 | out_across >> 8,
        ))  # fmt: skip
        was, self._cut_set = self._cut_set, None
        for at in range(0, len(values), 2):  # each takes a quarter of a millisecond, and a photo waits for them
            if not was or was[at + 1] != values[at + 1]:
                self._set(0, values[at : at + 2])
        self._cut_set = values

    def quality(self, percent: int) -> None:
        """QS: how coarse the quantisation is, 2 to 63; 12 for 80 percent."""
        scale = max(2, (100 - max(1, min(100, percent))) * 63 // 100)
        if scale != self._scale:
            self._set(0, bytes((0x44, scale)))
            self._scale = scale

    def zoom(self, times: float) -> None:
        """A smaller part of what the sensor sees, until it is closed; no picture is made larger."""
        self._times = max(1.0, times)
        self._cut()

    def begin(self) -> None:
        """The next frame goes into the FIFO."""
        if self._mode is None:
            raise OSError(errno.EPERM, "closed")
        self._left = 0
        self._put(_CONTROL, _CLEAR)
        self._put_on(_CONTROL, _START)
        self._is_begun = True

    def abandon(self) -> None:
        """The frame is not wanted."""
        self._is_begun = False

    async def ready(self) -> int:
        """How much is in the FIFO."""
        until = time.ticks_add(time.ticks_ms(), _PATIENCE_MS)
        while True:
            if not self._is_begun:
                raise OSError(errno.EPERM, "closed")
            flags = self._get(_FLAGS)
            if flags == 0xFF:
                raise OSError(errno.EIO, "the camera does not answer")
            if flags & _DONE:
                break
            if time.ticks_diff(until, time.ticks_ms()) < 0:
                raise OSError(errno.ETIMEDOUT, "no frame")
            await asyncio.sleep_ms(_POLL_MS)
        self._left = (self._get_on(_LENGTH + 2) & 0x7F) << 16 | self._get_on(_LENGTH + 1) << 8 | self._get_on(_LENGTH)
        return self._left

    async def read_into(self, view) -> int:
        """The next part; a burst is broken off and taken up where it was."""
        if not self._is_begun:
            raise OSError(errno.EPERM, "closed")
        count = min(len(view), self._left)
        if count:
            self._left -= count
            self._claim()
            self._cs(0)
            self._spi.write(self._head)
            self._spi.readinto(view if count == len(view) else view[:count])
            self._cs(1)
        return count

    def close(self) -> None:
        """The light goes out, and the sensor sleeps (COM2), if it still hears."""
        self.torch(False)
        self.abandon()
        if self._mode is not None:
            self._mode = None
            try:
                self._set(1, b"\x09\x12")
            except OSError:
                pass  # it has gone: there is nobody to put to sleep
