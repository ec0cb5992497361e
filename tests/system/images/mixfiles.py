"""Pictures as phones, cameras and programs write them, and some that are none."""

import io
import struct

import numpy
from PIL import Image

from tests.system.images.pngfiles import png, smooth


def scene(width, height):
    """Runs of colour."""
    y, x = numpy.mgrid[0:height, 0:width]
    return Image.fromarray(numpy.stack([x * 255 // width, y * 255 // height, (x + 2 * y) % 256], 2).astype(numpy.uint8))


SCENE = scene(240, 160)


def _saved(kind, image=SCENE, orientation=0, **options):
    made = io.BytesIO()
    if orientation:
        options["exif"] = Image.Exif()
        options["exif"][0x10F] = "A phone"
        options["exif"][0x112] = orientation
    image.save(made, kind, **options)
    return made.getvalue()


def photo(width, height, **options):
    """A JPEG as hard to pack as a photograph."""
    return _saved(
        "JPEG", Image.effect_noise((width // 4, height // 4), 60).resize((width, height)).convert("RGB"), **options
    )


def large(orientation):
    """A JPEG as phones have it: 60 KB of Exif with a thumbnail, a profile in two pieces, 5 MB in all."""
    data = _saved("JPEG", orientation=orientation)
    end = 2 + 2 + struct.unpack(">H", data[4:6])[0]
    thumbnail = b"\xff\xe1" + struct.pack(">H", 2 + len(data[6:end]) + 50000) + data[6:end] + bytes(50000)
    profile = (b"\xff\xe2\xff\xffICC_PROFILE\0" + bytes(0xFFFF - 14)) * 2
    return data[:2] + thumbnail + profile + data[end:] + bytes(5000000)


def _bmp(bits, mode, size=(50, 40), **rest):
    image = scene(*size).convert(mode) if mode != "P" else scene(*size).quantize(1 << bits)
    return _saved("BMP", image, **rest)


def _rle_bmp():
    rows = b"".join(bytes((8, y, 0, 0)) for y in range(6)) + b"\0\1"
    head = struct.pack("<IiiHHIIiiII", 40, 8, 6, 1, 8, 1, len(rows), 0, 0, 256, 0)
    return b"BM" + struct.pack("<IHHI", 54 + 1024 + len(rows), 0, 0, 54 + 1024) + head + bytes(range(256)) * 4 + rows


def _os2_bmp():
    rows = bytes(range(96)) + bytes(0)
    return b"BM" + struct.pack("<IHHI", 26 + 96, 0, 0, 26) + struct.pack("<IHHHH", 12, 8, 4, 1, 24) + rows


def mix():
    """{name: (its bytes, why <image> refuses it)}; "": it is shown."""
    return {
        "small.jpg": (_saved("JPEG"), ""),
        "progressive.jpg": (_saved("JPEG", scene(180, 120), progressive=True), ""),
        "progressive large.jpg": (photo(1600, 1200, progressive=True), "MemoryError"),
        "grey.jpg": (_saved("JPEG", SCENE.convert("L")), ""),
        "cmyk.jpg": (_saved("JPEG", SCENE.convert("CMYK")), ""),
        "12 megapixels.jpg": (photo(4000, 3000, quality=60), ""),
        "12 megapixels, turned.jpg": (photo(4032, 3024, quality=40, orientation=6), ""),
        "48 megapixels.jpg": (photo(8000, 6000, quality=10), "8000x6000"),
        "5 MB.jpg": (large(8), ""),
        **{f"orientation {n}.jpg": (_saved("JPEG", orientation=n), "") for n in range(1, 9)},
        **{f"orientation {n}.png": (_saved("PNG", orientation=n), "") for n in range(1, 9)},
        "16 bits.png": (png(60, 40, 2, 16, smooth(16, 60, 40)), ""),
        "grey of 16 bits.png": (png(60, 40, 0, 16, smooth(16, 60, 40)), ""),
        "interlaced.png": (png(60, 40, 2, 8, smooth(8, 60, 40), interlaced=True), ""),
        "interlaced, alpha.png": (png(60, 40, 6, 8, smooth(8, 60, 40), interlaced=True), ""),
        "palette.png": (_saved("PNG", SCENE.quantize(16)), ""),
        "palette, transparent.png": (_saved("PNG", SCENE.quantize(16), transparency=3), ""),
        "bilevel.png": (_saved("PNG", SCENE.convert("1")), ""),
        "alpha.png": (_saved("PNG", SCENE.convert("RGBA")), ""),
        "screenshot.png": (_saved("PNG", scene(1170, 2532)), ""),
        "still.gif": (_saved("GIF", SCENE.quantize(32)), "a GIF, which is not decoded"),
        "animated.gif": (_saved("GIF", SCENE.quantize(8), save_all=True, append_images=[scene(240, 160).quantize(4)], loop=0), "a GIF"),
        "lossy.webp": (_saved("WEBP"), "a WebP, which is not decoded"),
        "lossless.webp": (_saved("WEBP", lossless=True), "a WebP"),
        "alpha.webp": (_saved("WEBP", SCENE.convert("RGBA")), "a WebP"),
        "turned.webp": (_saved("WEBP", orientation=6), "a WebP"),
        "animated.webp": (_saved("WEBP", save_all=True, append_images=[scene(240, 160).rotate(9)]), "a WebP"),
        "24 bits.bmp": (_bmp(24, "RGB"), ""),
        "8 bits.bmp": (_bmp(8, "P"), ""),
        "grey.bmp": (_bmp(8, "L"), ""),
        "1 bit.bmp": (_bmp(1, "1"), ""),
        "32 bits.bmp": (_bmp(32, "RGBA"), ""),
        "rle.bmp": (_rle_bmp(), "packed as 1"),
        "os2.bmp": (_os2_bmp(), "OS/2"),
        "little endian.tif": (_saved("TIFF"), "a TIFF, which is not decoded"),
        "named wrong.png": (_saved("JPEG"), ""),
        "named wrong.jpg": (_saved("PNG"), ""),
        "named wrong.bmp": (_saved("WEBP"), "a WebP"),
        "padded.jpg": (_saved("JPEG").replace(b"\xff\xc0", b"\xff\xff\xff\xc0", 1), ""),
        # None of these is a picture to Pillow.
        "text.jpg": (b"hello, this is no picture at all", "begins with"),
        "page.jpg": (b"<html><body>404</body></html>", "HTML"),
        "empty.jpg": (b"", "empty"),
        "cut in its head.jpg": (_saved("JPEG", orientation=3)[:120], "cut off"),
        "cut in its tables.jpg": (_saved("JPEG")[:400], "cut off"),
        "cut in its head.png": (_saved("PNG")[:30], "cut off"),
        "cut before its pixels.png": (_saved("PNG", orientation=6)[:50], "cut off"),
        "wrong checksum.png": (_saved("PNG")[:29] + b"1234" + _saved("PNG")[33:], "damaged"),
        "wrong depth.png": (png(8, 8, 2, 8, smooth(8, 8, 8)).replace(b"\x08\x02\0\0\0", b"\x03\x02\0\0\0"), "damaged"),
        "cut.gif": (_saved("GIF", SCENE.quantize(8))[:40], "cut off"),
        "cut.webp": (_saved("WEBP")[:-20], "cut off"),
        "cut.bmp": (_bmp(24, "RGB")[:28], "cut off"),
        "odd.bmp": (_bmp(24, "RGB").replace(b"\x18\0\0\0\0\0", b"\x03\0\0\0\0\0", 1), "damaged"),
        "without a size.jpg": (b"\xff\xd8" + _saved("JPEG")[_saved("JPEG").index(b"\xff\xda") :], "damaged"),
    }  # fmt: skip
