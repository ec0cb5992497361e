"""A display for tests: it keeps the picture, and how it was told of it."""


class Display:
    """pixels: the picture, RGB565 big-endian, row by row; windows: list of (x, y, width, height); written: bytes so far.

    late: keep what is written until the next write() or end(), as one with a sender does.
    """

    def __init__(self, width=32, height=24, late=False):
        self.width = width
        self.height = height
        self.turns = 0
        self.pixels = bytearray(width * height * 2)
        self.windows = []
        self.written = 0
        self.percent = 0
        self.is_inverted = self.is_asleep = False
        self._late = late
        self._under_way = None
        self._window = None
        self._at = 0

    def begin(self, x: int, y: int, width: int, height: int) -> None:
        """Note the window."""
        if x < 0 or y < 0 or width < 1 or height < 1 or x + width > self.width or y + height > self.height:
            raise ValueError("%dx%d at %d,%d is not on the screen" % (width, height, x, y))
        self._window = (x, y, width, height)
        self._at = 0
        self.windows.append(self._window)

    def write(self, view) -> None:
        """Take the pixels, at once or when they have gone out."""
        if self._window is None:
            raise OSError(1, "no window")
        self._go_out()
        self._under_way = view
        if not self._late:
            self._go_out()

    def _go_out(self):
        view, self._under_way = self._under_way, None
        if view is None:
            return
        x, y, width, height = self._window
        for at in range(0, len(view), 2):
            row, column = divmod(self._at % (width * height), width)
            place = ((y + row) * self.width + x + column) * 2
            self.pixels[place : place + 2] = view[at : at + 2]
            self._at += 1
        self.written += len(view)

    def end(self) -> None:
        """All has gone out."""
        self._go_out()
        self._window = None

    def turn(self, turns: int) -> None:
        """Note it; the picture is lost, as it is to be painted anew."""
        if (turns ^ self.turns) & 1:
            self.width, self.height = self.height, self.width
        self.turns = turns

    def invert(self, on: bool) -> None:
        """Note it."""
        self.is_inverted = bool(on)

    def backlight(self, percent: int) -> None:
        """Note it."""
        self.percent = percent

    def sleep(self) -> None:
        """Note it."""
        self.is_asleep = True

    def wake(self) -> None:
        """Note it."""
        self.is_asleep = False

    def deinit(self) -> None:
        """The end."""
        self.end()
        self.percent = 0

    def pixel(self, x: int, y: int) -> int:
        """RGB565 at a place."""
        at = (y * self.width + x) * 2
        return self.pixels[at] << 8 | self.pixels[at + 1]
