"""
`background-image: linear-gradient(...)` (CSS Images 3, 3.1): `to` sides or an angle, colors, places in percent.

A box with one is painted as what is turned is (kiosk/ui/transformed/surface.py); 13 KB while it is painted, 512 bytes as long as its style is.
"""

import math

from kiosk.ui.canvas.paints import Gradient, GradientPaint

_SIDES = {"left": (-1, 0), "right": (1, 0), "top": (0, -1), "bottom": (0, 1)}
_STILL = (1, 0, 0, 1, 0, 0)


class Linear:
    """text: as it is written.  ValueError: what is wrong with it."""

    def __init__(self, text: str):
        if not text.startswith("linear-gradient(") or not text.endswith(")"):
            raise ValueError("no url(...) or linear-gradient(...)")
        parts = _split(text[16:-1])
        self._sides, self._degrees = (0, 1), None
        if parts[0].startswith("to "):
            self._sides = _sides(parts.pop(0)[3:].split())
        elif parts[0][:1] in "+-.0123456789":
            from kiosk.ui.transformed.notation import degrees

            self._degrees = degrees(parts.pop(0))
        if len(parts) < 2:
            raise ValueError("a gradient wants two colors")
        self._gradient = Gradient(0, 0, 1, 0)
        for place, color in _placed(parts):
            self._gradient.add_stop(place, color)
        self._table = None

    def draw(self, surface, place, radius, alpha) -> None:
        """Fill a box, (x, y, width, height) in px, whose corners are rounded."""
        from kiosk.ui.transformed.surface import TurnedSurface

        x, y, width, height = place
        if width < 1 or height < 1:
            return
        if self._table is None:
            self._table = self._gradient.table()
        dx, dy = self._direction(width, height)
        length = abs(width * dx) + abs(height * dy)
        unit = 127 * 256 / length
        first = (x + width / 2) * dx + (y + height / 2) * dy - length / 2
        paint = GradientPaint(self._table, (dx * unit, dy * unit, -first * unit, 0, 0, 0), 0)
        if not surface.is_turned:
            surface = TurnedSurface(surface, _STILL, None)
        surface.fill_with(x, y, width, height, radius, paint, alpha)

    def _direction(self, width, height):
        """(x, y), a line of length 1 along which the colors change."""
        if self._degrees is not None:
            angle = math.radians(self._degrees)
            return math.sin(angle), -math.cos(angle)
        dx, dy = self._sides
        if dx and dy:  # the color in the middle is that of the other two corners
            dx, dy = dx * height, dy * width
            length = math.sqrt(dx * dx + dy * dy)
            dx, dy = dx / length, dy / length
        return dx, dy


def _split(text):
    """What is between commas, but for those in brackets."""
    found, depth = [""], 0
    for character in text:
        depth += (character == "(") - (character == ")")
        if character == "," and not depth:
            found.append("")
        else:
            found[-1] += character
    return [part.strip() for part in found]


def _sides(names):
    dx = dy = 0
    for name in names:
        x, y = _SIDES.get(name, (0, 0))
        if (x and dx) or (y and dy) or not (x or y):
            raise ValueError("there is no direction to %s" % " ".join(names))
        dx, dy = dx + x, dy + y
    return dx, dy


def _placed(parts):
    """List of (place from 0 to 1, color): those without a place are spread evenly between those that have one."""
    places, colors = [], []
    for part in parts:
        color, place = part, None
        if part.endswith("%"):
            color, _, place = part.rpartition(" ")
            try:
                place = float(place[:-1]) / 100
            except ValueError:
                raise ValueError("%s is no color and place" % part)
            if not 0 <= place <= 1:
                raise ValueError("%s is not between 0%% and 100%%" % part)
        places.append(place)
        colors.append(color.strip())
    places[0] = places[0] or 0
    if places[-1] is None:
        places[-1] = 1
    for at in range(1, len(places)):
        if places[at] is None:
            end = at
            while places[end] is None:
                end += 1
            places[at] = places[at - 1] + (places[end] - places[at - 1]) / (end - at + 1)
        places[at] = max(places[at], places[at - 1])
    return list(zip(places, colors))
