"""Scenarios of the chapter "Image"; see tests/conformance/proof.py."""

_USR = "wxfile://usr/"
# 5x3, its Exif saying that it is turned: 6.
_EXIF = b"\xff\xe1\0\x22Exif\0\0MM\0*\0\0\0\x08\0\1\x01\x12\0\3\0\0\0\1\0\6\0\0\0\0\0\0"


def _put(name, data):
    from kiosk import files

    with open(files.current().writable(_USR + name), "wb") as file:
        file.write(data)
    return _USR + name


def _read(url):
    from kiosk import files

    with open(files.current().readable(url), "rb") as file:
        return file.read()


def _jpeg(width, height, extra=b""):
    import io

    import images

    file = io.BytesIO()
    encoder = images.Encoder(file, width, height, 90, extra)
    for y in range(height):
        encoder.row(bytes([(x * 40 + y * 30) & 255 for x in range(3 * width)]), 3)
    return file.getvalue()


async def what_a_picture_is(t):
    """wx.getImageInfo"""
    url = _put("turned.png", _jpeg(5, 3, _EXIF))  # the content counts, not the name
    info = await wx.getImageInfo(src=url)
    assert (info.width, info.height, info.orientation, info.type, info.path) == (5, 3, "right", "jpeg", url)
    flat = await wx.getImageInfo(src=_put("flat", _jpeg(2, 7)))
    assert (flat.width, flat.height, flat.orientation) == (2, 7, "up")
    net = await wx.getImageInfo(src=t.http + "/image/png")
    assert net.type == "png" and net.width == 100 and net.path.startswith("wxfile://tmp/")
    assert _read(net.path)[1:4] == b"PNG"
    await t.fails(lambda: wx.getImageInfo(src=_USR + "none"), 1300002, "file not found")
    await t.fails(lambda: wx.getImageInfo(src=_put("text", b"text")), 1001, "invalid image")
    await t.fails(lambda: wx.getImageInfo(src=t.http + "/status/404"), 600001, "download image fail")


async def a_smaller_picture(t):
    """wx.compressImage"""
    whole = _jpeg(64, 48, _EXIF)
    url = _put("large.jpg", whole)
    good = (await wx.compressImage(src=url, quality=95)).tempFilePath
    poor = (await wx.compressImage(src=url, quality=5)).tempFilePath
    assert len(_read(poor)) < len(_read(good)) and _read(url) == whole
    assert poor.startswith("wxfile://tmp/") and _read(poor)[:2] == b"\xff\xd8"
    kept = await wx.getImageInfo(src=good)
    assert (kept.width, kept.height, kept.orientation) == (64, 48, "right")
    for options, size in (
        ({"compressedWidth": 32}, (32, 24)),
        ({"compressedHeight": 12}, (16, 12)),
        ({"compressedWidth": 20, "compressedHeight": 40}, (20, 40)),
    ):
        small = await wx.getImageInfo(src=(await wx.compressImage(src=url, **options)).tempFilePath)
        assert (small.width, small.height) == size, options
    await t.fails(lambda: wx.compressImage(src=_USR + "none"), 1300002, "file not found")
    await t.fails(lambda: wx.compressImage(src=url, quality=101), 1001, "quality")
