"""Chapter "Image": what pictures are, and smaller ones.  The service is kiosk/pictures."""

from kiosk.api import api
from kiosk.errors import KioskError

_MOST_PX = const(1000000)


@api((("*src", "String", None),), ("width", "height", "path", "orientation", "type"))
async def getImageInfo(options):
    """Tell what a picture is: of the package, of the mini-program's files (wxfile://), or of a server in the list "download".

    width, height: of the file in px, as if it were not turned.  orientation: Exif's, "up", "up-mirrored", "down", "down-mirrored",
    "left-mirrored", "right", "right-mirrored" or "left".  type: by the content, "jpeg", "png", "gif", "bmp", "webp" or "tiff".
    path: where the file is; what came from a server is a temporary file.
    """
    from kiosk.pictures.info import info

    return await info(options["src"])


@api(
    (
        ("*src", "String", None), ("quality", "Number", 80), ("compressedWidth", "Number", None), ("compressedHeight", "Number", None),
    ),
    ("tempFilePath",),
)  # fmt: skip
async def compressImage(options):
    """Write a JPEG, PNG or BMP again as a JPEG: a temporary file.  GIF, WebP and TIFF are refused, as they are not decoded.

    quality: 0 to 100.  compressedWidth, compressedHeight: its size in px, as getImageInfo tells it; with one of them the other is in
    proportion, with none it stays; a picture is never made larger.  What is transparent becomes white.  The orientation stays what
    it was; the rest of Exif, where the picture was taken for example, is left out.

    A picture that decoding has no memory for fails with errno 111, which says what it is.  On a board with 190 KB of heap
    there is room for JPEGs of 12 megapixels made 1,200 px wide, of 1600x1200 that keep their size, and for progressive ones of 200x150.
    """
    from kiosk import files
    from kiosk.pictures.compress import compress

    quality = options["quality"]
    if not 0 <= quality <= 100:
        raise KioskError("parameter", "parameter.quality should be 0 to 100;")
    sides = [options["compressedWidth"], options["compressedHeight"]]
    for name, side in zip(("compressedWidth", "compressedHeight"), sides):
        if side is not None and not 1 <= side <= _MOST_PX:
            raise KioskError("parameter", "parameter.%s should be a size in pixels;" % name)
    sides = [side if side is None else int(side) for side in sides]
    return {"tempFilePath": await files.gently(compress, files.current(), options["src"], int(quality), *sides)}
