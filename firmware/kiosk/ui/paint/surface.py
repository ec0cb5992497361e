"""
What an item draws with: a strip of the screen, in the screen's own coordinates.

Colours are 0xRRGGBB, opacity (`alpha`) is 0 to 255.  What lies outside the strip or the clip is not drawn; sizes of zero or less draw
nothing.  Nothing allocates but `clip`, and text with characters that no font has.
"""

from array import array

from kiosk.ui.paint import pixels

_MOST = const(4096)  # a side, in pixels: far beyond any display


class Surface:
    """size_bytes: of the strip.  left, top, width, rows: the part of the screen that it holds."""

    is_turned = False  # see kiosk/ui/transformed

    def __init__(self, size_bytes: int):
        self.buffer = bytearray(size_bytes)
        self._view = memoryview(self.buffer)
        self._state = array("i", bytes(92))
        self.left = self.top = self.width = self.rows = 0
        self._clip = (0, 0, 0, 0)

    def aim(self, left: int, top: int, width: int, rows: int) -> None:
        """Hold another part of the screen.  ValueError if it does not fit."""
        if width < 1 or rows < 1 or width * rows * 2 > len(self.buffer):
            raise ValueError("a strip of %dx%d does not fit" % (width, rows))
        self.left, self.top, self.width, self.rows = left, top, width, rows
        state = self._state
        state[20] = left
        state[21] = top
        state[22] = width
        self.unclip((left, top, left + width, top + rows))

    def pixels(self):
        """memoryview: the strip as a display takes it."""
        return self._view[: self.width * self.rows * 2]

    def clip(self, x: int, y: int, width: int, height: int):
        """Draw within this rectangle only, and within what was the clip so far, which is returned, for unclip()."""
        before = self._clip
        left, top, right, bottom = before
        self.unclip((max(left, x), max(top, y), min(right, x + width), min(bottom, y + height)))
        return before

    def unclip(self, before) -> None:
        """Undo a clip()."""
        left, top, right, bottom = self._clip = before
        if left >= right or top >= bottom:  # nothing, said without a sign
            left = right = self.left
        state = self._state
        state[16] = left - self.left
        state[17] = max(top - self.top, 0)
        state[18] = right - self.left
        state[19] = max(bottom - self.top, 0)

    def clipped(self):
        """(left, top, right, bottom): what is drawn in now; nothing where left is not less than right."""
        return self._clip

    def is_hidden(self, x: int, y: int, width: int, height: int) -> bool:
        """Whether nothing of a rectangle would be seen."""
        left, top, right, bottom = self._clip
        return x >= right or y >= bottom or x + width <= left or y + height <= top or left >= right or top >= bottom

    def fill_rect(self, x: int, y: int, width: int, height: int, color: int, alpha: int = 255) -> None:
        """Fill a rectangle."""
        state = self._state
        if pixels.fill(self.buffer, state, x, y, width, height, color, alpha):
            pixels.blend(self.buffer, state)

    def rounded_rect(self, x: int, y: int, width: int, height: int, radius: int, color: int, alpha: int = 255) -> None:
        """Fill a rectangle with rounded corners; a radius that is too large becomes what fits."""
        radius = min(radius, width // 2, height // 2, _MOST)
        _, top, _, bottom = self._clip
        upper = y + radius
        lower = y + height - radius
        if radius < 1 or (top >= upper and bottom <= lower):  # a strip has many rows without a corner
            self.fill_rect(x, y, width, height, color, alpha)
            return
        if bottom > upper:
            self.fill_rect(x, upper, width, lower - upper, color, alpha)
        if top < upper:
            self.fill_rect(x + radius, y, width - 2 * radius, radius, color, alpha)
        if bottom > lower:
            self.fill_rect(x + radius, lower, width - 2 * radius, radius, color, alpha)
        self._corners(x, y, width, height, radius, radius, 0, color, alpha)

    def border(
        self, x: int, y: int, width: int, height: int, radius: int, thickness: int, color: int, alpha: int = 255
    ) -> None:
        """Draw a rectangle's border, inside of it, `thickness` pixels thick."""
        if thickness < 1 or width < 1 or height < 1:
            return
        thickness = min(thickness, _MOST)
        if 2 * thickness >= width or 2 * thickness >= height:
            self.rounded_rect(x, y, width, height, radius, color, alpha)
            return
        radius = max(0, min(radius, width // 2, height // 2, _MOST))
        size = max(radius, thickness)  # of what is drawn as a corner
        size = min(size, width // 2, height // 2)
        _, top, _, bottom = self._clip
        if top < y + size or bottom > y + height - size:
            self.fill_rect(x + size, y, width - 2 * size, thickness, color, alpha)
            self.fill_rect(x + size, y + height - thickness, width - 2 * size, thickness, color, alpha)
            self._corners(x, y, width, height, size, radius, thickness, color, alpha)
        self.fill_rect(x, y + size, thickness, height - 2 * size, color, alpha)
        self.fill_rect(x + width - thickness, y + size, thickness, height - 2 * size, color, alpha)

    def _corners(self, x, y, width, height, size, radius, thickness, color, alpha):
        state = self._state
        state[4] = pixels.spread(color)
        state[5] = max(0, min(alpha * 33 >> 8, 32))
        pixels.corners(self.buffer, state, x, y, width, height, size, radius, thickness)

    def text(self, x: int, y: int, text: str, face, color: int, alpha: int = 255) -> int:
        """Draw one line whose box begins at (x, y); returns where it ends.  face: a font.Face."""
        cover = min(alpha * 33 >> 8, 32)
        left, top, right, bottom = self._clip
        height = face.height
        if cover <= 0 or x >= right or left >= right or top >= bottom or y - height >= bottom or y + 2 * height <= top:
            return x
        state = self._state
        state[2] = left - self.left
        state[3] = top - self.top
        state[4] = right - self.left
        state[5] = bottom - self.top
        state[6] = self.width
        state[7] = pixels.spread(color)
        state[8] = cover
        end = face.run(self.buffer, text, x - self.left, y - self.top, state)
        if face.missed:  # boxes for what no font has
            for place in face.missed:
                self.border(
                    self.left + place + 1, y + face.height // 5, face.box - 2, face.ascent * 3 // 4, 0, 1, color, alpha
                )
            face.missed.clear()
        return self.left + end

    def image(self, x: int, y: int, width: int, height: int, picture, alpha: int = 255) -> None:
        """Draw a picture (image.py) in a rectangle, stretched to fill it."""
        cover = min(alpha * 33 >> 8, 32)
        if cover <= 0 or width < 1 or height < 1 or self.is_hidden(x, y, width, height):
            return
        left, top, right, bottom = self._clip
        first = max(left - x, 0)
        count = min(right - x, width) - first
        step = (picture.width << 14) // width
        state = self._state
        for row in range(max(top, y), min(bottom, y + height)):
            source = picture.row((row - y) * picture.height // height)
            state[0] = (row - self.top) * self.width + x + first - self.left
            state[1] = count
            state[2] = first * step + (step >> 1 if step > 16384 else 0)
            state[3] = step
            state[5] = cover
            state[6] = picture.start
            if picture.alpha:
                state[4] = picture.start + picture.alpha
                pixels.layer(self.buffer, source, state)
                continue
            state[4] = picture.depth
            state[7] = picture.little
            pixels.pick(self.buffer, source, picture.palette, state)
