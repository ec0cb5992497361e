"""
What small SPI displays have in common: the commands of MIPI DCS, a window that is filled, a picture that is turned.

Source: ST7789V data sheet, version 1.4 ("ST"), ILI9341 data sheet, version 1.11 ("ILI"); the numbers are sections.
Blocks for 250 ms when it is made and for 120 ms by sleep() and wake() (ST 9.1.11, 9.1.12).
"""

import time

_SOFT_RESET = const(0x01)
_SLEEP = const(0x10)
_WAKE = const(0x11)
_NORMAL = const(0x13)
_INVERT_OFF = const(0x20)
_INVERT_ON = const(0x21)
_OFF = const(0x28)
_ON = const(0x29)
_COLUMNS = const(0x2A)
_ROWS = const(0x2B)
_WRITE = const(0x2C)
_ORDER = const(0x36)
_FORMAT = const(0x3A)

_SIXTEEN_BITS = b"\x55"
_RESET_MS = const(120)  # ST 9.1.2: before anything that wakes it
_PWM_HZ = const(1000)  # above what is seen


class Panel:
    """spi: the bus; it is set to the panel's rate and mode by begin().  cs, dc, reset, backlight: Pins, outputs.

    width, height: of the glass as its maker draws it; turns: quarter turns of the picture on it.
    offset: where its first pixel is in the chip's memory.  pwm: makes a PWM of the backlight's pin, (pin, freq) -> PWM.
    """

    memory = (240, 320)
    freq_hz = 62500000  # ST 7.4.2: 16 ns a write cycle
    orders = (0x00, 0x60, 0xC0, 0xA0)  # MADCTL by quarter turns
    inverted = False  # whether the glass wants INVON for what others show without
    setup = b""  # command, count, parameters; ...

    def __init__(self, spi, cs, dc, reset=None, backlight=None, width=240, height=320, turns=0, offset=(0, 0), sender=None, pwm=None):  # fmt: skip
        self._spi = spi
        self._cs = cs
        self._dc = dc
        self._reset = reset
        self._sender = sender
        self._pin = backlight
        self._pwm = pwm(backlight, _PWM_HZ) if pwm and backlight else None
        self._glass = (width, height)
        self._offset = offset
        self._one = bytearray(1)
        self._four = bytearray(4)
        self._asleep = True
        self.turns = turns
        self.backlight(0)
        self._start()

    # The door to the bus.

    def _command(self, command, parameters=None):
        self._one[0] = command
        self._dc(0)
        self._cs(0)
        self._spi.write(self._one)
        self._cs(1)
        if parameters:
            self._dc(1)
            self._cs(0)
            self._spi.write(parameters)
            self._cs(1)

    def _claim(self):
        # Mode 3: the RP2040's controller leaves a pause after each byte in mode 0 (RP2040 data sheet 4.4.3.9).
        self._spi.init(baudrate=self.freq_hz, polarity=1, phase=1)

    def _start(self):
        self._cs(1)
        self._claim()
        if self._reset:
            self._reset(0)
            time.sleep_us(20)  # ST 7.4.5: 10 us
            self._reset(1)
        else:
            self._command(_SOFT_RESET)
        time.sleep_ms(_RESET_MS)
        self._identify()
        self._set_up()
        self._command(_FORMAT, _SIXTEEN_BITS)
        self.turn(self.turns)
        self.invert(False)
        self._command(_NORMAL)
        self.wake()
        self._command(_ON)

    def _identify(self):
        """Ask the chip who it is, where it can be asked."""

    def _set_up(self):
        setup = self.setup
        at = 0
        while at < len(setup):
            count = setup[at + 1]
            self._command(setup[at], setup[at + 2 : at + 2 + count])
            at += 2 + count

    def _range(self, command, first, count):
        four = self._four
        last = first + count - 1
        four[0] = first >> 8
        four[1] = first & 0xFF
        four[2] = last >> 8
        four[3] = last & 0xFF
        self._command(command, four)

    # What the contract has.

    def begin(self, x: int, y: int, width: int, height: int) -> None:
        """Open a window."""
        if x < 0 or y < 0 or width < 1 or height < 1 or x + width > self.width or y + height > self.height:
            raise ValueError("%dx%d at %d,%d is not on the screen" % (width, height, x, y))
        self.end()  # of what an exception cut short
        self._claim()
        self._range(_COLUMNS, x + self._column, width)
        self._range(_ROWS, y + self._row, height)
        self._one[0] = _WRITE
        self._dc(0)
        self._cs(0)
        self._spi.write(self._one)
        self._dc(1)

    def write(self, view) -> None:
        """The next pixels of the window."""
        if self._sender:
            self._sender.start(view)
        else:
            self._spi.write(view)

    def end(self) -> None:
        """The window is filled."""
        if self._sender:
            self._sender.wait()
        self._cs(1)

    def turn(self, turns: int) -> None:
        """Turn the picture: `turns` quarters, clockwise."""
        if turns not in (0, 1, 2, 3):
            raise ValueError("quarter turns are 0 to 3, not %s" % turns)
        width, height = self._glass
        left, top = self._offset
        right = self.memory[0] - width - left
        bottom = self.memory[1] - height - top
        self.turns = turns
        self.width, self.height = (height, width) if turns & 1 else (width, height)
        self._column, self._row = ((left, top), (top, right), (right, bottom), (bottom, left))[turns]
        self._claim()
        self._command(_ORDER, bytes((self.orders[turns],)))

    def invert(self, on: bool) -> None:
        """Show the negative, or not."""
        self._claim()
        self._command(_INVERT_ON if bool(on) != self.inverted else _INVERT_OFF)

    def backlight(self, percent: int) -> None:
        """How bright: 0 to 100."""
        if not 0 <= percent <= 100:
            raise ValueError("the backlight is 0 to 100 percent, not %s" % percent)
        if self._pwm:
            self._pwm.duty_u16(percent * 65535 // 100)
        elif self._pin:
            self._pin(1 if percent else 0)

    def sleep(self) -> None:
        """Nothing is shown, and less power taken."""
        if not self._asleep:
            self._asleep = True
            self._claim()
            self._command(_SLEEP)
            time.sleep_ms(_RESET_MS)

    def wake(self) -> None:
        """Show what there was."""
        if self._asleep:
            self._asleep = False
            self._claim()
            self._command(_WAKE)
            time.sleep_ms(_RESET_MS)

    def deinit(self) -> None:
        """Dark and asleep."""
        self.end()
        self.backlight(0)
        if not self._asleep:
            self._command(_OFF)
            self.sleep()
