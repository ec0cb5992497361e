"""
Fields of the first directory of a TIFF structure, which Exif is, too (TIFF 6.0, section 2; Exif 2.3, 4.6).

At most 2,422 bytes are read of it, whatever it says; what makes no sense is not there.
"""

import struct

_MOST_FIELDS = const(200)
_ORIENTATION = const(0x112)
_SHORT = const(3)
_LONG = const(4)


def fields(file, start: int, length: int, tags: tuple) -> dict:
    """{tag: (kind, value)} of those fields that are one number, in the `length` bytes from `start` of an open file."""
    file.seek(start)
    head = file.read(8)
    if length < 14 or head[:4] not in (b"II*\0", b"MM\0*") or len(head) < 8:
        return {}
    order = "<" if head[:1] == b"I" else ">"
    directory = struct.unpack(order + "I", head[4:])[0]
    if not 8 <= directory <= length - 2:
        return {}
    file.seek(start + directory)
    count = file.read(2)
    count = struct.unpack(order + "H", count)[0] if len(count) == 2 else 0
    found = {}
    for _ in range(min(count, _MOST_FIELDS, (length - 2 - directory) // 12)):
        field = file.read(12)
        if len(field) < 12:
            break
        tag, kind, values = struct.unpack(order + "HHI", field[:8])
        if tag in tags and values == 1 and kind in (_SHORT, _LONG):
            size = 2 if kind == _SHORT else 4
            found[tag] = kind, struct.unpack(order + ("H" if size == 2 else "I"), field[8 : 8 + size])[0]
    return found


def orientation(file, start: int, length: int) -> int:
    """Exif's 1 to 8; 0 if it is not there or makes no sense: then the picture is shown as it lies."""
    kind, value = fields(file, start, length, (_ORIENTATION,)).get(_ORIENTATION, (0, 0))
    return value if kind == _SHORT and 1 <= value <= 8 else 0
