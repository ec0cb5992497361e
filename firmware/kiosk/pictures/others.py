"""Pictures that are measured and not shown: GIF (89a), WebP (RFC 9649), TIFF 6.0; and names of what is not even that."""

import struct

_MOST_BLOCKS = const(2000)  # of a GIF, before its first picture: they are 255 bytes long
_MOST_CHUNKS = const(200)  # of a WebP
_SIDES = (0x100, 0x101)  # of a TIFF


def read(file, head: bytes):
    """(format, width, height, orientation) of an open file that begins with `head`.  ValueError: what it is instead."""
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return _gif(file, head)
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return _webp(file, head)
    if head[:4] in (b"II*\0", b"MM\0*"):
        return _tiff(file)
    raise ValueError("no picture that is known: " + _described(head))


def _gif(file, head):
    if len(head) < 13:
        raise ValueError("the GIF is cut off")
    width, height, packed = struct.unpack("<HHB", head[6:11])
    at = 13 + (6 << (packed & 7) if packed & 0x80 else 0)
    is_extension = False  # whether `at` is within one
    for _ in range(_MOST_BLOCKS):
        file.seek(at)
        block = file.read(1 if is_extension else 9)
        if not block:
            raise ValueError("the GIF is cut off")
        kind = block[0]
        if is_extension:
            is_extension = kind != 0
            at += 1 + kind
        elif kind == 0x2C and len(block) == 9:  # the first picture, which may be larger than the screen
            left, top, across, down = struct.unpack("<HHHH", block[1:])
            return "gif", max(width, left + across), max(height, top + down), 1
        elif kind == 0x21:
            is_extension = True
            at += 2
        else:
            raise ValueError("the GIF is cut off" if kind == 0x2C else "the GIF is damaged")
    raise ValueError("the GIF is damaged")


def _webp(file, head):
    if len(head) < 30:
        raise ValueError("the WebP is cut off")
    end = 8 + struct.unpack("<I", head[4:8])[0]
    file.seek(0, 2)
    if file.tell() < end:
        raise ValueError("the WebP is cut off")
    kind = head[12:16]
    orientation = 1
    if kind == b"VP8 " and not head[20] & 1 and head[23:26] == b"\x9d\x01\x2a":
        width, height = struct.unpack("<HH", head[26:30])
        width &= 0x3FFF
        height &= 0x3FFF
    elif kind == b"VP8L" and head[20] == 0x2F:
        packed = struct.unpack("<I", head[21:25])[0]
        width = (packed & 0x3FFF) + 1
        height = (packed >> 14 & 0x3FFF) + 1
    elif kind == b"VP8X":
        width = (head[24] | head[25] << 8 | head[26] << 16) + 1
        height = (head[27] | head[28] << 8 | head[29] << 16) + 1
        if head[20] & 8:
            orientation = _webp_orientation(file, end)
    else:
        raise ValueError("the WebP is damaged")
    return "webp", width, height, orientation


def _webp_orientation(file, end):
    at = 30
    for _ in range(_MOST_CHUNKS):
        if at + 8 > end:
            break
        file.seek(at)
        head = file.read(8)
        length = struct.unpack("<I", head[4:])[0]
        if head[:4] == b"EXIF":
            from kiosk.pictures import exif

            file.seek(at + 8)
            before = 6 if file.read(6) == b"Exif\0\0" else 0  # as some write it
            return exif.orientation(file, at + 8 + before, min(length, end - at - 8) - before) or 1
        at += 8 + length + (length & 1)
    return 1


def _tiff(file):
    from kiosk.pictures import exif

    file.seek(0, 2)
    length = file.tell()
    found = exif.fields(file, 0, length, _SIDES)
    width, height = [found.get(tag, (0, 0))[1] for tag in _SIDES]
    if not width or not height:
        raise ValueError("the TIFF is damaged")
    return "tiff", width, height, exif.orientation(file, 0, length) or 1


def _described(head):
    if not head:
        return "the file is empty"
    for mark, name in (
        (b"<", "a page of HTML or XML, or an SVG"),
        (b"{", "JSON"),
        (b"\0\0\1\0", "an icon of Windows"),
    ):
        if head.startswith(mark):
            return name
    if head[4:8] == b"ftyp":
        return "HEIC, AVIF or a video"
    return "it begins with " + " ".join("%02x" % byte for byte in head[:8])
