"""
The service under wx.loadFontFace: from a source to a family that pages and canvases draw with.

A font stays a file, which is read while characters are drawn: what comes from a server or from base64 is a temporary one of the
mini-program's.  Touches the network through kiosk/net/download, and the mini-program's files.  A font goes with its page, if it is not
for all of them, and with the mini-program.
"""

import binascii

from kiosk import app, files, ui
from kiosk.errors import KioskError
from kiosk.files import content
from kiosk.promise import Promise
from kiosk.ui.paint import font as faces

_MOST_BYTES = const(16 * 1024 * 1024)
_PIECE = const(1024)  # characters of base64 at a time
_loaded = []


class _Loaded:
    """One font: its family and weight, the page it is for (None: all), and what its end must clear up."""

    def __init__(self, family, is_bold, page, font, path, is_temporary):
        self.family = family
        self.is_bold = is_bold
        self.page = page
        self.font = font
        self.path = path
        self.is_temporary = is_temporary
        self.files = files.current()
        self.files.held.append(path)

    def close(self):
        """Close the file, and remove it if it is ours."""
        self.font.close()
        self.files.held.remove(self.path)
        if self.is_temporary:
            content.discard(self.path)


class _Fetching(Promise):
    """What a download tells: it ends at an answer that is no font, and at one that is too large."""

    def emit(self, event, **fields):
        """See wx/network.py; KioskError ends the download."""
        if fields.get("statusCode", 200) != 200:
            raise KioskError("network", "statusCode %d" % fields["statusCode"])
        if max(fields.get("totalBytesWritten", 0), fields.get("totalBytesExpectedToWrite", 0)) > _MOST_BYTES:
            raise KioskError("download size")


async def load(family, source, is_bold, page):
    """Load a font: `source` is that of wx.loadFontFace, `page` the one that it is for, None: all.  KioskError; MemoryError, OSError.

    One of the same family and weight, for whichever page, is replaced.
    """
    try:
        from fonts import Font
    except ImportError:
        raise KioskError("unsupported", "the firmware has no module fonts")
    first, last = _inside(source)
    is_temporary = True
    if source[first : first + 5] == "data:":
        path = _decoded(source, first, last)
    elif source[first : first + 4].lower() == "http":
        path = await _fetched(source[first:last])
    else:
        is_temporary = False
        url = source[first:last]
        path = files.current().readable(url)
        if files.current().file_size(path, url) > _MOST_BYTES:
            raise KioskError("download size")
    try:
        made = _Loaded(family, is_bold, page, _opened(Font, path), path, is_temporary)
    except BaseException:
        if is_temporary:
            content.discard(path)
        raise
    _put(made)


def _inside(source):
    """(first, last) of what is in url("...")."""
    start = source.find("url(")
    first = start + 4
    quote = source[first : first + 1]
    last = source.find(quote if quote and quote in "\"'" else ")", first + 1)
    if start < 0 or source[:start].strip() or last < 0:
        raise KioskError("parameter", 'parameter.source should be url("...");')
    if quote in "\"'":
        first += 1
    return first, last


def _decoded(source, first, last):
    comma = source.find(",", first, last)
    if comma < 0 or source[first:comma][-7:] != ";base64":
        raise KioskError("parameter", "parameter.source should be of base64;")
    _, path = files.current().temporary(".ttf")
    try:
        with open(path, "wb") as file:
            for at in range(comma + 1, last, _PIECE):
                file.write(binascii.a2b_base64(source[at : min(at + _PIECE, last)]))
    except ValueError:
        content.discard(path)
        raise KioskError("parameter", "parameter.source should be of base64;")
    except BaseException:
        content.discard(path)
        raise
    return path


async def _fetched(url):
    from kiosk.net.download import download

    options = {"url": url, "header": None, "timeout": None, "filePath": None, "enableProfile": False}
    return files.current().readable((await download(options, _Fetching()))["tempFilePath"])


def _opened(make, path):
    file = open(path, "rb")
    try:
        return make(file)
    except ValueError as exc:
        file.close()
        raise KioskError("invalid data", str(exc))
    except BaseException:
        file.close()
        raise


def _put(made):
    from kiosk.ui.paint.outline import Family

    for each in _loaded:
        if each.family == made.family and each.is_bold == made.is_bold:
            _loaded.remove(each)
            each.close()
            break
    if made.family not in faces.families:
        faces.families[made.family] = Family()
    faces.families[made.family].put(made.is_bold, made.font)
    _loaded.append(made)
    program = app.current
    if program and close_all not in program.at_close:
        program.at_close = (close_all,) + program.at_close  # before temporary files are swept
    _tell_screen()


def _tell_screen():
    if hasattr(ui.screen, "fonts_changed"):
        ui.screen.fonts_changed()


def _remove(made):
    _loaded.remove(made)
    family = faces.families[made.family]
    family.put(made.is_bold, None)
    if not family.fonts:
        del faces.families[made.family]
    made.close()


def page_closed(page):
    """The fonts of a page go with it."""
    gone = [made for made in _loaded if made.page is page]
    for made in gone:
        _remove(made)
    if gone:
        _tell_screen()


def close_all():
    """The mini-program closes."""
    while _loaded:
        _remove(_loaded[-1])
