"""A TrueType font of a few squares: 1,000 units an em, ascent 800, descent 200.  At 10 pixels all edges lie between pixels."""

import struct

SQUARE = ((1, 100, 0), (1, 900, 0), (1, 900, 800), (1, 100, 800))  # on the curve, x, y: 8x8 pixels of 10


def outline(points):
    """bytes: a simple glyph of one contour."""
    xs, ys = [point[1] for point in points], [point[2] for point in points]
    data = struct.pack(">hhhhhHH", 1, min(xs), min(ys), max(xs), max(ys), len(points) - 1, 0)
    data += bytes([point[0] for point in points])
    for values in (xs, ys):
        before = 0
        for value in values:
            data += struct.pack(">h", value - before)
            before = value
    return data + bytes(-len(data) % 4)


def composite(*parts):
    """bytes: a glyph made of others, each (glyph, x, y); the leftmost should begin at 100, which is what the metrics say."""
    data = struct.pack(">hhhhh", -1, 100, 0, 900, 800)
    for number, (glyph, x, y) in enumerate(parts):
        data += struct.pack(">HHhh", 0x0023 if number < len(parts) - 1 else 0x0003, glyph, x, y)
    return data + bytes(-len(data) % 4)


def characters(codes, first=1):
    """bytes: a `cmap` of format 4 where each of the rising codes has a glyph from `first` on."""
    ends = list(codes) + [0xFFFF]
    deltas = [(first + at - code) & 0xFFFF for at, code in enumerate(codes)] + [1]
    count = len(ends)
    data = struct.pack(">HHHHHHH", 4, 16 + 8 * count, 0, 2 * count, 0, 0, 0)
    for values in (ends, [0], ends, deltas, [0] * count):
        for value in values:
            data += struct.pack(">H", value)
    return struct.pack(">HHHHI", 0, 1, 3, 1, 12) + data


def build(glyphs=None, cmap=None, **tables):
    """bytes: a font of glyphs (bytes each; the first stands for what is missing), all 1,000 units wide.

    Without arguments: a square for "A", a lower one for U+4F60.  tables: others than those that belong to it; None: left out.
    """
    if glyphs is None:
        glyphs = (b"", outline(SQUARE), outline([(on, x, y // 2) for on, x, y in SQUARE]))
    offsets = [sum([len(glyph) for glyph in glyphs[:at]]) for at in range(len(glyphs) + 1)]
    found = {
        "cmap": characters((0x41, 0x4F60)) if cmap is None else cmap,
        "glyf": b"".join(glyphs),
        "head": struct.pack(
            ">IIIIHHQQhhhhHHhhh", 0x10000, 0, 0, 0x5F0F3CF5, 0, 1000, 0, 0, 0, 0, 1000, 1000, 0, 8, 2, 1, 0
        ),
        "hhea": struct.pack(">IhhhHhhhhhhhhhhhH", 0x10000, 800, -200, 0, 1000, 0, 0, 1000, 1, 0, 0, 0, 0, 0, 0, 0, 1),
        "hmtx": struct.pack(">Hh", 1000, 100) + struct.pack(">h", 100) * (len(glyphs) - 1),
        "loca": b"".join([struct.pack(">I", offset) for offset in offsets]),
        "maxp": struct.pack(">IHHHHHHHHHHHHHH", 0x10000, len(glyphs), 100, 10, 100, 10, 1, 0, 0, 0, 0, 0, 0, 10, 2),
    }
    for name, data in tables.items():
        found[name] = data
    names = [name for name in sorted(found) if found[name] is not None]
    head = struct.pack(">IHHHH", 0x10000, len(names), 0, 0, 0)
    at = 12 + 16 * len(names)
    body = b""
    for name in names:
        data = found[name]
        head += name.encode() + struct.pack(">III", 0, at + len(body), len(data))
        body += data + bytes(-len(data) % 4)
    return head + body
