"""
Rules for single values of the JSON files: each takes a value and returns None when it is right, else what it must be.

Touches nothing.  The tables know a rule by its place in FORMATS.
"""

import binascii

_MOST_PX = const(1000000)
_MOST_MS = const((1 << 29) - 1)  # what ticks_add() can count
_BASE64_CHARACTERS = const("abcdefghijklmnopqrstuvwxyz0123456789+/")
_HTTPS_PORT = const(":443")
_HEX = const("0123456789abcdef")
_HOST_CHARACTERS = const("abcdefghijklmnopqrstuvwxyz0123456789-.")
_APPID_CHARACTERS = const("abcdefghijklmnopqrstuvwxyz0123456789-_")


def _only(text, allowed):
    return all(character.lower() in allowed for character in text)


def _color(text):
    if len(text) in (4, 7) and text[0] == "#" and _only(text[1:], _HEX):
        return None
    return 'a colour like "#rrggbb" or "#rgb"'


def _page_path(text):
    # It becomes the name of a module and stands in URLs: no dot at all, neither "?" nor "#".
    if text and all(text.split("/")) and not any(c in ".?#\\" or c < " " for c in text):
        return None
    return 'a path like "pages/index/index", no "/" at its ends, no ".", no extension'


def _file(text):
    if text and ":" not in text and ".." not in text.split("/"):
        return None
    return "the path of a file in the mini-program"


def _ms(number):
    if isinstance(number, int) and 0 < number <= _MOST_MS:
        return None
    return "a whole number of milliseconds from 1 to %d" % _MOST_MS


def _px(number):
    if 0 <= number <= _MOST_PX:
        return None
    return "a number of px from 0 to %d" % _MOST_PX


def appid(text):
    """The name that a mini-program is known by."""
    if 0 < len(text) <= 64 and _only(text, _APPID_CHARACTERS):
        return None
    return 'one to 64 letters, digits, "-" and "_"'


def _lib_version(text):
    parts = text.split(".")
    if len(parts) == 3 and all(part.isdigit() for part in parts):
        return None
    return 'a version like "2.10.4"'


def _https(text):
    return _origin(text, "https://")


def _wss(text):
    return _origin(text, "wss://")


def _origin(text, scheme):
    host, colon, port = text[len(scheme) :].partition(":")
    good_port = port.isdigit() and port[0] != "0" and len(port) < 6 and int(port) < 65536 if colon else True
    if text.startswith(scheme) and good_port and all(host.split(".")) and _only(host, _HOST_CHARACTERS):
        return None
    return '"%shost" or "%shost:port", without wildcard or path' % (scheme, scheme)


def _pin(text):
    name, _, digest = text.partition("/")
    if name == "sha256" and len(digest) == 44 and digest[-1] == "=" and _only(digest[:-1], _BASE64_CHARACTERS):
        # Base64 can say the same in several ways; the others would look like other pins.
        told = binascii.b2a_base64(binascii.a2b_base64(digest)).strip()
        if told == digest.encode():
            return None
    return '"sha256/" and the SHA-256 of a public key in base64'


def wrong_server(origins):
    """(origin, what is wrong with it) of the first key of "pins" that names no server, or one named before; or None."""
    seen = set()
    for origin in sorted(origins):
        wanted = _https(origin)
        if wanted:
            return origin, "the key must be " + wanted
        server = origin.lower()
        server = server[: -len(_HTTPS_PORT)] if server.endswith(_HTTPS_PORT) else server
        if server in seen:
            return origin, "the server has pins already"
        seen.add(server)
    return None


FORMATS = (_color, _page_path, _file, _ms, appid, _lib_version, _https, _wss, _pin, _px)
