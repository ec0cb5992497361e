"""The address of a live stream: an URL that may have a name and a password in it.  KioskError (url)."""

from kiosk.errors import KioskError
from kiosk.net import url


class Address:
    """schemes: those that are taken.  url (Url, without name and password), user and password (str; "" where there are none)."""

    def __init__(self, text, schemes=("rtsp", "rtmp")):
        if not isinstance(text, str):
            raise KioskError("url", text)
        scheme, separator, rest = text.partition("://")
        if scheme.lower() not in schemes or not separator:
            raise KioskError("url", text)
        end = min(at if at >= 0 else len(rest) for at in (rest.find("/"), rest.find("?")))
        name, at, host = rest[:end].rpartition("@")
        self.user = self.password = ""
        if at:
            self.user, _, self.password = [_decoded(part) for part in name.partition(":")]
        self.url = url.parse(scheme + "://" + host + rest[end:])
        if self.url.target == "/" and rest[end:] == "":
            self.url.target = ""

    @property
    def text(self):
        """str: the URL as a server is told of it."""
        return self.url.scheme + "://" + self.url.authority + self.url.target

    def moved(self, location):
        """Address: where a redirection leads; the name and the password stay with their host."""
        found = Address(location)
        if not found.user and found.url.host == self.url.host:
            found.user, found.password = self.user, self.password
        return found


def _decoded(text):
    if "%" not in text:
        return text
    data = bytearray()
    at = 0
    raw = text.encode()
    while at < len(raw):
        if raw[at] == 37:
            try:
                data.append(int(raw[at + 1 : at + 3].decode(), 16))
            except ValueError:
                raise KioskError("url", text)
            at += 3
        else:
            data.append(raw[at])
            at += 1
    try:
        return bytes(data).decode()
    except UnicodeError:
        raise KioskError("url", text)
