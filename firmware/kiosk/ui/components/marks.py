"""The tick of checkboxes and radios, with smooth edges; nothing is kept of it."""

# Where the tick's three points are, in 1/100 of its box.
_POINTS = (24, 51, 43, 70, 78, 32)


def tick(surface, x, y, size, color, alpha):
    """Draw a tick in a box of `size` px at (x, y); color: 0xRRGGBB; alpha: 0 to 255."""
    points = [(x if at % 2 == 0 else y) + part * size / 100 for at, part in enumerate(_POINTS)]
    half = max(1.0, size / 20)
    left, top, right, bottom = surface.clipped()
    for row in range(max(top, int(points[5] - half)), min(bottom, int(points[3] + half) + 2)):
        for column in range(max(left, int(points[0] - half)), min(right, int(points[4] + half) + 2)):
            px, py = column + 0.5, row + 0.5
            far = min(_distance(px, py, *points[:4]), _distance(px, py, *points[2:]))
            covered = half + 0.5 - far
            if covered > 0:
                surface.fill_rect(column, row, 1, 1, color, int(min(covered, 1) * alpha))


def _distance(x, y, x1, y1, x2, y2):
    """Of a point from a line."""
    along_x, along_y = x2 - x1, y2 - y1
    part = ((x - x1) * along_x + (y - y1) * along_y) / (along_x * along_x + along_y * along_y)
    part = max(0, min(1, part))
    off_x, off_y = x - x1 - part * along_x, y - y1 - part * along_y
    return (off_x * off_x + off_y * off_y) ** 0.5
