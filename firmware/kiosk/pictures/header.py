"""
What a picture's file says before its pixels: the format, by its content and never its name, the size, the orientation.

PNG (W3C PNG, third edition), JPEG (ITU-T T.81, Exif 2.3), BMP, and RGB565: b"R565", width and height (16 bits, the lower byte
first), then the pixels as displays take them, row by row; others.py has those that are measured and not shown.

Read is what says it, and over the rest is sought: of a photograph some 200 bytes, of a hostile file 20 KB at most.
"""

import struct

_MOST_MARKERS = const(1000)  # of a JPEG
_MOST_JUNK = const(4096)  # bytes between its markers
_MOST_CHUNKS = const(200)  # of a PNG, before its pixels
_FRAMES = b"\xc0\xc1\xc2\xc3\xc5\xc6\xc7\xc9\xca\xcb\xcd\xce\xcf"
_END = const(0xD9)
_PIXELS = const(0xDA)
_APP1 = const(0xE1)

# getImageInfo's names of 1 to 8 of Exif.
ORIENTATIONS = ("up", "up-mirrored", "down", "down-mirrored", "left-mirrored", "right", "right-mirrored", "left")


class Header:
    """format: "png", "jpeg", "bmp", "rgb565", "gif", "webp" or "tiff".  orientation: Exif's 1 to 8.

    width, height: of the file, not turned.  is_interlaced: an interlaced PNG, a progressive JPEG; both take more memory
    (firmware/cmodules/images).
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
    head = file.read(34)
    if head[:8] == b"\x89PNG\r\n\x1a\n":
        header = _png(file, head)
    elif head[:3] == b"\xff\xd8\xff":
        header = _jpeg(file)
    elif head[:2] == b"BM":
        header = _bmp(head)
    elif head[:4] == b"R565" and len(head) >= 8:
        header = Header("rgb565", *struct.unpack("<HH", head[4:8]))
    else:
        from kiosk.pictures import others

        header = Header(*others.read(file, head))
    if header.width < 1 or header.height < 1:
        raise ValueError("a picture of %dx%d" % (header.width, header.height))
    file.seek(0)
    return header


def _bmp(head):
    if len(head) < 30:
        raise ValueError("the BMP is cut off")
    size = struct.unpack("<I", head[14:18])[0]
    if size == 12:  # of OS/2
        width, height, _, bits = struct.unpack("<HHHH", head[18:26])
    else:
        width, height, _, bits = struct.unpack("<iiHH", head[18:30])
    if size not in (12, 16, 40, 52, 56, 64, 108, 124) or bits not in (1, 4, 8, 16, 24, 32):
        raise ValueError("the BMP is damaged")
    return Header("bmp", width, abs(height))


def _png(file, head):
    from binascii import crc32

    if len(head) < 33:
        raise ValueError("the PNG is cut off")
    width, height, bits, color, _, filters, interlaced = struct.unpack(">IIBBBBB", head[16:29])
    is_color = color in (0, 2, 3, 4, 6) and bits in (
        (1, 2, 4, 8, 16) if color == 0 else (1, 2, 4, 8) if color == 3 else (8, 16)
    )
    if head[8:16] != b"\0\0\0\rIHDR" or head[29:33] != struct.pack(">I", crc32(head[12:29])) or not is_color or filters:
        raise ValueError("the PNG is damaged")
    return Header("png", width, height, _png_orientation(file), interlaced != 0)


def _png_orientation(file):
    """That of a chunk eXIf before the pixels, which is where Chromium looks for it."""
    orientation = 0
    at = 33
    file.seek(0, 2)
    end = file.tell()
    for _ in range(_MOST_CHUNKS):
        if at + 8 > end:
            raise ValueError("the PNG is cut off")
        file.seek(at)
        head = file.read(8)
        length = struct.unpack(">I", head[:4])[0]
        kind = head[4:]
        if kind == b"IDAT":
            return orientation or 1
        if length > 0x7FFFFFFF or not kind.isalpha() or kind == b"IEND":
            break
        if kind == b"eXIf" and not orientation:
            from kiosk.pictures import exif

            orientation = exif.orientation(file, at + 8, min(length, end - at - 8)) or 1
        at += 12 + length
    raise ValueError("the PNG is damaged")


def _jpeg(file):
    orientation = 0
    size = None
    is_interlaced = False
    for marker, at, length, frame in _segments(file):
        if marker == _PIXELS and size:
            return Header("jpeg", *size, orientation or 1, is_interlaced)
        if marker == _PIXELS or (size and marker in _FRAMES):
            break
        if marker in _FRAMES:
            bits, height, width, samples = struct.unpack(">BHHB", frame)
            if bits != 8 or samples not in (1, 3, 4):
                raise ValueError("a JPEG of %d samples of %d bits" % (samples, bits))
            size = width, height
            is_interlaced = marker & 3 == 2
        elif marker == _APP1 and not orientation and length >= 20:
            file.seek(at)
            if file.read(6) == b"Exif\0\0":
                from kiosk.pictures import exif

                orientation = exif.orientation(file, at + 6, length - 6) or 1  # the first one counts, good or bad
    raise ValueError("the JPEG is damaged")


def _segments(file):
    """Yield (marker, where its bytes begin, how many there are, the first six of them), to its pixels or the first fault."""
    at = 2
    junk = 0
    for _ in range(_MOST_MARKERS):
        file.seek(at)
        head = file.read(10)
        if len(head) < 10:
            raise ValueError("the JPEG is cut off")
        marker = head[1]
        if head[0] != 0xFF or not marker:  # bytes that decoders step over
            step = head.find(b"\xff", 1)
            step = 10 if step < 0 else step
            junk += step
            if junk > _MOST_JUNK:
                return
            at += step
        elif marker == 0xFF or marker == 0x01 or 0xD0 <= marker <= 0xD8:  # fill bytes, and markers without a length
            at += 1 if marker == 0xFF else 2
        else:
            length = head[2] << 8 | head[3]
            if length < 2 or marker == _END:
                return
            yield marker, at + 4, length - 2, head[4:]
            at += 2 + length
