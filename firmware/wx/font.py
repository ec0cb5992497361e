"""Chapter "Fonts": TrueType fonts of the mini-program's own.  The service is kiosk/ui/fontfaces.py."""

from kiosk import router
from kiosk.api import api
from kiosk.errors import KioskError, from_exception

_DESC = (
    ("style", "normal italic oblique"),
    ("weight", "normal bold 100 200 300 400 500 600 700 800 900"),
    ("variant", "normal small-caps inherit"),
)


def _check(desc):
    for name, known in _DESC:
        value = desc.get(name)
        if value is not None and str(value) not in known.split(" "):
            raise KioskError("parameter", "parameter.desc.%s should be one of %s;" % (name, known))


@api(
    (
        ("*family", "String", None), ("*source", "String", None), ("desc", "Object", None), ("global", "Boolean", False),
        ("scopes", "Array", None),
    ),
    ("status",),
)  # fmt: skip
async def loadFontFace(options):
    """Load a TrueType font, which `font-family` and a canvas's `font` then know as `family`; text in it is drawn anew.

    source: url("..."), where ... is https (or http), of a server in the list "download" of kiosk.json; data:font/ttf;base64,...;
    or a file of the package or of wxfile://.  At most 16 MB (errno 603301), and what the flash has room for.  WOFF, WOFF2 and OTF
    with outlines of CFF are refused (errno 101), as is what is damaged or no font.

    desc: weight says of which weight the font is; text that asks for the other one is made bold, or is not.  style and variant are
    checked and have no effect, as no font-style has.  global: for all pages; else the font goes when the page closes that was the
    visible one.  scopes: an Array of "webview", "native" and "skyline", without effect.

    Both answers have `status`: "loaded" or "error".
    """
    try:
        from kiosk.ui import fontfaces

        desc = options["desc"] or {}
        _check(desc)
        for scope in options["scopes"] or ():
            if scope not in ("webview", "native", "skyline"):
                raise KioskError("parameter", "parameter.scopes should be of webview, native, skyline;")
        family = options["family"].strip("\"' ")
        if not family:
            raise KioskError("parameter", "parameter.family should be a name;")
        is_bold = str(desc.get("weight") or "") in ("bold", "600", "700", "800", "900")
        page = router.stack[-1] if router.stack and not options["global"] else None
        await fontfaces.load(family, options["source"], is_bold, page)
    except (KioskError, MemoryError, OSError) as exc:
        error = from_exception(exc)
        error.fields["status"] = "error"
        raise error
    return {"status": "loaded"}
