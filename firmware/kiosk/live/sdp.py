"""
What a server says it has to play: SDP (RFC 4566), as far as RTSP needs it.  KioskError (network).
"""

from kiosk.net.reasons import failed

_LINES_MAX = const(256)
_STATIC = ((0, "PCMU", 8000, 1), (10, "L16", 44100, 2), (11, "L16", 44100, 1), (26, "JPEG", 90000, 1))  # RFC 3551, 6


class Media:
    """kind: "video", "audio"...; number: payload type; name (upper case), rate_hz, channels: of its format; control: the URL to set it up."""

    def __init__(self, kind, number):
        self.kind = kind
        self.number = number
        self.name, self.rate_hz, self.channels = "", 0, 1
        self.control = ""
        for each in _STATIC:
            if each[0] == number:
                _, self.name, self.rate_hz, self.channels = each


def parse(body, base):
    """(URL of the whole, list of Media) of a description (bytes); base: the URL that its own ones are relative to."""
    try:
        lines = body.decode().split("\n", _LINES_MAX)
    except UnicodeError:
        raise failed("INVALID_RESPONSE")
    if lines[0].strip() != "v=0" or len(lines) > _LINES_MAX:
        raise failed("INVALID_RESPONSE")
    whole, found = base, []
    for line in lines:
        line = line.strip()
        key, value = line[:2], line[2:]
        if key == "m=":
            parts = value.split()
            if len(parts) < 4 or not _is_number(parts[3]):
                raise failed("INVALID_RESPONSE")
            found.append(Media(parts[0], int(parts[3])))
            found[-1].control = whole
        elif key == "a=" and value.startswith("control:"):
            control = _joined(whole, value[8:].strip())
            if found:
                found[-1].control = control
            else:
                whole = control
        elif key == "a=" and value.startswith("rtpmap:") and found:
            _take_format(found[-1], value[7:])
    return whole, found


def _take_format(media, text):
    # "97 L16/16000/1", perhaps of a format that is not the first one.
    number, _, form = text.strip().partition(" ")
    parts = form.strip().split("/")
    if not _is_number(number) or int(number) != media.number:
        return
    if not 2 <= len(parts) <= 3 or not all(_is_number(part) for part in parts[1:]):
        raise failed("INVALID_RESPONSE")
    media.name, media.rate_hz = parts[0].upper(), int(parts[1])
    media.channels = int(parts[2]) if len(parts) == 3 else 1


def _is_number(text):
    return text.isdigit() and len(text) < 7


def _joined(base, control):
    if control == "*":
        return base
    if control[:7].lower() == "rtsp://":
        return control
    return base + ("" if base.endswith("/") else "/") + control
