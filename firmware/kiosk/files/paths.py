"""
What a mini-program calls a file, and where that is: the confinement.  Touches nothing.

`wxfile://usr/...`, `wxfile://tmp/...` and `wxfile://store/...` are folders of the mini-program's own; any other path is
one of its package, "/" before it or not.  A path goes down from there and nowhere else: what could be read in two ways
(empty names, dots, backslashes, control characters) is refused, whether or not this board's file system would mind.
"""

from kiosk.errors import KioskError

SCHEME = "wxfile://"
USER, TEMPORARY, SAVED, PACKAGE = AREAS = ("usr", "tmp", "store", "")
UPLOADS = "uploads"  # the kiosk's own, which no path leads to (kiosk/uploads)
_NAME_BYTES = const(255)  # littlefs's and FAT's own limit
_PATH_LETTERS = const(1024)
_DEPTH = const(32)  # folders within folders
_SHOWN = const(200)  # letters of a path that an error tells


def resolve(url, folder, root):
    """Return area and path of what `url` (str) names; `folder` holds the areas, `root` the package.

    Raises KioskError: file permission (another scheme, dots), file argument (empty and unclean names), file name.
    """
    if url.startswith(SCHEME):
        area, _, rest = url[len(SCHEME) :].partition("/")
        if not area or area not in AREAS:
            raise KioskError("file permission", shown(url))
        base = folder + "/" + area
        if not rest:
            return area, base
    else:
        if ":" in url:  # http://, file://, C:
            raise KioskError("file permission", shown(url))
        area, base, rest = PACKAGE, root, url[1:] if url[:1] == "/" else url
    if rest[-1:] == "/":
        rest = rest[:-1]
    _check(rest, url)
    return area, base + "/" + rest


def _check(rest, url):
    names = rest.split("/")
    if len(rest) > _PATH_LETTERS or len(names) > _DEPTH:
        raise KioskError("file name", shown(url))
    for char in rest:
        if char < " " or char in "\\\x7f":
            raise KioskError("file argument", shown(url))
    for name in names:
        if not name.strip(" "):
            raise KioskError("file argument", shown(url))
        if not name.strip(". "):  # FAT takes ".. " for ".."
            raise KioskError("file permission", shown(url))
        if len(name.encode()) > _NAME_BYTES:
            raise KioskError("file name", shown(url))


def shown(url):
    """str: a path for an error's text, which a hostile one cannot make long."""
    return url if len(url) <= _SHOWN else url[:_SHOWN] + "..."


def suffix(url):
    """str: ".png" of "a/b.png", "" for what is no usual ending."""
    name = url.rpartition("/")[2]
    dot = name.rfind(".")
    ending = name[dot + 1 :]
    if dot < 0 or not 0 < len(ending) <= 8:
        return ""
    for char in ending:
        if not ("a" <= char.lower() <= "z" or "0" <= char <= "9"):
            return ""
    return "." + ending
