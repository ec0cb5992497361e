"""Chapter "Album": pictures and videos of the kiosk's album and of its camera, chosen by a finger, shown, and saved.  The service is kiosk/album."""

from kiosk.api import Result, api
from kiosk.errors import KioskError

_MOST_IMAGES = const(100)
_MOST_SECONDS = const(60)
_SIZES = ("original", "compressed")
_SOURCES = ("album", "camera")


@api(
    (("count", "Number", 9), ("sizeType", "Array", _SIZES), ("sourceType", "Array", _SOURCES)),
    ("tempFilePaths", "tempFiles"),
)
async def chooseImage(options):
    """Let choose pictures of the album, `count` at most, or take one: tempFilePaths, and tempFiles with path and size (bytes) of each.

    sizeType: "original" is the file itself, "compressed" a JPEG of at most 1,080 px a side, where that is smaller; with both there is a
    switch.  sourceType: "album", "camera"; the camera asks for scope.camera.  They are temporary files.  At most 100 at once.
    errno 104: cancelled; 103: the camera is not allowed; 100: no screen; -1: no camera, where it is the only source.
    """
    count = options["count"]
    if not count >= 1:
        raise KioskError("parameter", "parameter.count should be at least 1;")
    sizes = _words("sizeType", options["sizeType"], _SIZES)
    sources = _words("sourceType", options["sourceType"], _SOURCES)
    from kiosk import album
    from kiosk.ui import dialogs

    screen = dialogs.screen()  # nothing is loaded for nothing
    with album.Holding():
        from kiosk.album import choosing

        chosen = await choosing.choose_images(screen, int(min(count, _MOST_IMAGES)), *sizes, *sources)
    return {
        "tempFilePaths": [url for url, _ in chosen],
        "tempFiles": [Result(path=url, size=size) for url, size in chosen],
    }


@api(
    (
        ("sourceType", "Array", _SOURCES), ("compressed", "Boolean", True), ("maxDuration", "Number", _MOST_SECONDS),
        ("camera", "String|Array", "back"),
    ),
    ("tempFilePath", "duration", "size", "height", "width"),
)  # fmt: skip
async def chooseVideo(options):
    """Let choose a video of the album, or take one: tempFilePath, a temporary AVI; duration (s), size (bytes), width, height.

    compressed: fewer bytes: six pictures a second.  maxDuration: seconds, 60 at most, of one that is taken; camera: "back" or "front", or a
    list, of which the first counts.  errno: as chooseImage; what ends a recording is said on the page.
    """
    longest_s = options["maxDuration"]
    if not longest_s > 0:
        raise KioskError("parameter", "parameter.maxDuration should be more than 0;")
    sources = _words("sourceType", options["sourceType"], _SOURCES)
    facing = options["camera"]
    if not isinstance(facing, str):
        facing = facing[0] if facing else "back"
    if not isinstance(facing, str) or facing not in ("back", "front"):
        raise KioskError("parameter", "parameter.camera should be back or front;")
    from kiosk import album
    from kiosk.ui import dialogs

    screen = dialogs.screen()
    with album.Holding():
        from kiosk.album import choosing

        return await choosing.choose_video(
            screen, min(longest_s, _MOST_SECONDS), facing, options["compressed"], *sources
        )


def _words(name, values, known):
    """tuple of bool: which of the known words are in a list; none is as good as all."""
    for value in values:
        if not isinstance(value, str) or value not in known:
            raise KioskError("parameter", "parameter.%s should be an Array of %s;" % (name, " or ".join(known)))
    return tuple([not values or word in values for word in known])


@api(
    (
        ("*urls", "Array", None), ("current", "String|Number", None), ("referrerPolicy", "String", "no-referrer"),
        ("showmenu", "Boolean", True),
    ),
)  # fmt: skip
async def previewImage(options):
    """Show pictures over all of the screen, one at a time; succeeds when it is there.  A stroke sideways turns, a tap closes.

    urls: of the package, of the mini-program's files, or http(s); current: the one to begin with, or its place, 0 for the first; what
    is not among them is the first.  A picture that cannot be had says so in its place.  errno 100: no screen.
    """
    urls, current = options["urls"], options["current"]
    for url in urls:
        if not isinstance(url, str):
            raise KioskError("parameter", "parameter.urls should be an Array of String;")
    if not urls:
        raise KioskError("parameter", "parameter.urls should have at least 1 item;")
    place = 0
    if isinstance(current, str):
        if current in urls:
            place = urls.index(current)
    elif current is not None:
        if not 0 <= current < len(urls):
            raise KioskError("parameter", "parameter.current should be one of urls, or its place;")
        place = int(current)
    from kiosk import album
    from kiosk.ui import dialogs

    screen = dialogs.screen()
    with album.Holding():
        from kiosk.album import preview

        preview.show(screen, list(urls), place)


@api((("*filePath", "String", None),))
async def saveImageToPhotosAlbum(options):
    """Copy a picture of the mini-program's files, or of its package, into the album.  It asks for scope.writePhotosAlbum.

    errno 1300002: there is no such file; 1001: it is no picture; 103: not allowed; 1300202: no room.
    """
    await _save(options["filePath"], False)


@api((("*filePath", "String", None),))
async def saveVideoToPhotosAlbum(options):
    """The same with a video: an AVI that is played here."""
    await _save(options["filePath"], True)


async def _save(url, is_video):
    from kiosk import album

    with album.Holding():
        from kiosk.album import saving

        await saving.save(url, is_video)
