"""
What a picture's file says before its pixels: the format, by its content and never its name, the size, the orientation.

PNG (W3C PNG, third edition), JPEG (ITU-T T.81, Exif 2.3), BMP, and RGB565: b"R565", width and height (16 bits, the lower byte
first), then the pixels as displays take them, row by row.
"""

import struct

_MOST_SIDE = const(8192)  # that of the C module and of BMP
_MOST_PIXELS = const(16777216)  # 4096 x 4096: bounds the time that a picture of few bytes takes
_MOST_MARKERS = const(1000)
_MOST_FIELDS = const(200)  # of an Exif directory

# getImageInfo's names of 1 to 8 of Exif.
ORIENTATIONS = ("up", "up-mirrored", "down", "down-mirrored", "left-mirrored", "right", "right-mirrored", "left")


class Header:
    """format: "png", "jpeg", "bmp" or "rgb565".  width, height: of the file, not turned.  orientation: Exif's 1 to 8.

    is_interlaced: an interlaced PNG, a progressive JPEG; both take more memory (firmware/cmodules/images).
    """

    def __init__(self, format, width, height, orientation=1, is_interlaced=False):
        self.format = format
        self.width = width
        self.height = height
        self.orientation = orientation
        self.is_interlaced = is_interlaced

    def upright(self):
        """(width, height) as it is shown."""
        return (self.height, self.width) if self.orientation > 4 else (self.width, self.height)


def read(file) -> Header:
    """The header of an open file that can seek, which then is at its beginning.  ValueError: what it is instead, or how it is broken."""
    file.seek(0)
    head = file.read(32)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        header = _png(head)
    elif head[:3] == b"\xff\xd8\xff":
        header = _jpeg(file)
    elif head[:2] == b"BM" and len(head) >= 26:
        width, height = struct.unpack("<ii", head[18:26])
        header = Header("bmp", width, abs(height))
    elif head[:4] == b"R565" and len(head) >= 8:
        header = Header("rgb565", *struct.unpack("<HH", head[4:8]))
    else:
        raise ValueError("no picture that is known: " + _described(head))
    width, height = header.width, header.height
    if not (0 < width <= _MOST_SIDE and 0 < height <= _MOST_SIDE) or width * height > _MOST_PIXELS:
        raise ValueError(
            "a picture of %dx%d; up to %d a side and %d pixels are shown" % (width, height, _MOST_SIDE, _MOST_PIXELS)
        )
    file.seek(0)
    return header


def _png(head):
    if len(head) < 29 or head[12:16] != b"IHDR":
        raise ValueError("the PNG is cut off")
    width, height = struct.unpack(">II", head[16:24])
    return Header("png", width, height, 1, head[28] != 0)


def _jpeg(file):
    orientation = 1
    at = 2
    for _ in range(_MOST_MARKERS):
        file.seek(at)
        head = file.read(9)
        if len(head) < 4:
            break
        if head[0] != 0xFF:
            raise ValueError("the JPEG is damaged")
        marker = head[1]
        if marker in (0xFF, 0x01) or 0xD0 <= marker <= 0xD8:  # fill bytes, and markers without a length
            at += 1 if marker == 0xFF else 2
            continue
        length = head[2] << 8 | head[3]
        if 0xC0 <= marker <= 0xCF and marker not in (0xC4, 0xC8, 0xCC):
            if len(head) < 9:
                break
            height, width = struct.unpack(">HH", head[5:9])
            return Header("jpeg", width, height, orientation, marker == 0xC2)
        if length < 2 or marker in (0xD9, 0xDA):  # the end, or pixels, before the size
            raise ValueError("the JPEG is damaged")
        if marker == 0xE1:
            file.seek(at + 4)
            orientation = _orientation(file, length - 2) or orientation
        at += 2 + length
    raise ValueError("the JPEG is cut off")


def _orientation(file, length):
    """Exif's field 0x0112, 0 if it is not there or makes no sense: then the picture is shown as it lies."""
    head = file.read(14)
    if length < 22 or head[:6] != b"Exif\0\0" or head[6:8] not in (b"II", b"MM"):
        return 0
    order = "<" if head[6:8] == b"II" else ">"
    directory = struct.unpack(order + "I", head[10:14])[0]
    if not 8 <= directory <= length - 8:
        return 0
    file.seek(directory - 8, 1)
    count = file.read(2)
    count = struct.unpack(order + "H", count)[0] if len(count) == 2 else 0
    for _ in range(min(count, _MOST_FIELDS, (length - 8 - directory) // 12)):
        field = file.read(12)
        if len(field) < 12:
            break
        tag, kind, values, value = struct.unpack(order + "HHIH", field[:10])
        if tag == 0x112:
            return value if kind == 3 and values == 1 and 1 <= value <= 8 else 0
    return 0


def _described(head):
    if not head:
        return "the file is empty"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "a WebP, which is not decoded here"
    for mark, name in (
        (b"GIF8", "a GIF, which is not decoded here"),
        (b"<", "a page of HTML or XML, or an SVG"),
        (b"{", "JSON"),
        (b"\0\0\1\0", "an icon of Windows"),
        (b"II*\0", "a TIFF"),
        (b"MM\0*", "a TIFF"),
    ):
        if head.startswith(mark):
            return name
    if head[4:8] == b"ftyp":
        return "HEIC, AVIF or a video"
    return "it begins with " + " ".join("%02x" % byte for byte in head[:8])
