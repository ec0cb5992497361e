"""
URLs, strictly: what a mini-program or a server hands over either is a well-formed URL or is refused.

Touches nothing but its arguments.  Raises KioskError("url", text).
"""

import re

from kiosk.errors import KioskError

_SCHEMES = ("http", 80, "https", 443, "ws", 80, "wss", 443, "rtsp", 554, "rtmp", 1935)
_DIGITS = "0123456789"
_HEX = "0123456789abcdefABCDEF"
_HOST_BYTES_MAX = const(253)  # RFC 1035, 2.3.4
_PORT_MAX = const(65535)

_last = (None, "", 0)  # an authority, and the host and port in it


class Url:
    """One parsed URL.

    scheme (str, lower case); host (str, lower case, an IPv6 literal without its brackets); port (int); authority (str:
    host and port as they were written, which is what `Host:` takes); target (str: path and query as they are sent);
    secure (bool: over TLS).
    """

    def __init__(self, scheme, host, port, authority, target):
        self.scheme = scheme
        self.host = host
        self.port = port
        self.authority = authority
        self.target = target
        self.secure = scheme in ("https", "wss")

    @property
    def key(self):
        """tuple: equal for two URLs of one origin."""
        return (self.scheme, self.host, self.port)

    @property
    def host_and_port(self):
        """str: both, in any case, as CONNECT wants them."""
        return ("[%s]:%d" if ":" in self.host else "%s:%d") % (self.host, self.port)

    @property
    def origin(self):
        """str: scheme, host and port, as browsers write it: without the port that is the scheme's own."""
        text = self.host_and_port
        if self.port == _default_port(self.scheme):
            text = text[: text.rfind(":")]
        return self.scheme + "://" + text


def parse(text):
    """Url: the parts of `text`.  The fragment is dropped; what is not ASCII is percent-encoded as UTF-8."""
    if not isinstance(text, str):
        raise KioskError("url", text)
    rest = _encoded(text).partition("#")[0]
    separator = rest.find("://")
    scheme = rest[:separator].lower()
    port = _default_port(scheme)
    if separator < 0 or port is None:
        raise KioskError("url", text)
    start = separator + 3
    slash, question = rest.find("/", start), rest.find("?", start)
    end = min(slash if slash >= 0 else len(rest), question if question >= 0 else len(rest))
    authority = rest[start:end]
    host, given_port = _host_and_port(authority, text)
    target = rest[end:]
    return Url(scheme, host, given_port or port, authority, target if target[:1] == "/" else "/" + target)


def _host_and_port(authority, text):
    # Port 0 if none is given.  The last one is kept: most requests of a mini-program go where the last went.
    global _last
    if _last[0] != authority:
        host, colon, digits = _split_authority(authority)
        port = _port(digits) if colon else 0
        if not is_host(host) or (colon and not port):
            raise KioskError("url", text)
        _last = (authority, host.lower(), port)
    return _last[1], _last[2]


def join(base, location):
    """Url: where a `Location` header leads from `base` (Url)."""
    if not location or location[0] == "#":
        return parse(base.origin + base.target)
    if re.match("[A-Za-z][A-Za-z0-9+.-]*:", location):
        return parse(location)
    if location[:2] == "//":
        return parse(base.scheme + ":" + location)
    path = base.target.partition("?")[0]
    if location[0] == "?":
        location = path + location
    elif location[0] != "/":
        location = path[: path.rfind("/") + 1] + location
    found = parse(base.origin + location)
    found.target = _without_dots(found.target)
    return found


def encode_component(text):
    """str: `text` as JavaScript's encodeURIComponent() has it."""
    if not re.search("[^A-Za-z0-9_.!~*'()-]", text):
        return text
    encoded = ""
    for byte in text.encode():
        char = chr(byte)
        encoded += char if re.match("[A-Za-z0-9_.!~*'()-]", char) else "%%%02X" % byte
    return encoded


def with_query(url, query):
    """str: `url` (str) with `query` added to the query that it has."""
    if not query:
        return url
    url, mark, fragment = url.partition("#")
    if "?" not in url:
        url += "?"
    elif url[-1] not in "?&":
        url += "&"
    return url + query + mark + fragment


def is_host(host):
    """bool: whether `host` is a name, an IPv4 address, or an IPv6 address without brackets."""
    if ":" in host:
        return _is_ipv6(host)
    if not host or len(host) > _HOST_BYTES_MAX or re.search("[^A-Za-z0-9_.-]", host):
        return False
    labels = host.split(".")
    if not labels[-1]:  # a name may end with the dot of the root
        labels.pop()
    if _is_number(labels[-1]):  # whatever else takes it for an address must not come to another one
        return is_ipv4(host)
    return all(0 < len(label) <= 63 for label in labels)


def is_ipv4(host):
    """bool: whether `host` is an address of four decimal numbers."""
    parts = host.split(".")
    return len(parts) == 4 and all(
        0 < len(part) <= 3 and _all_in(part, _DIGITS) and int(part) < 256 and (part == "0" or part[0] != "0")
        for part in parts
    )


def _is_ipv6(host):
    head, gap, tail = host.partition("::")
    groups = (head.split(":") if head else []) + (tail.split(":") if tail else [])
    count = len(groups)
    if groups and "." in groups[-1]:
        if not is_ipv4(groups.pop()):
            return False
        count += 1
    if not all(0 < len(group) <= 4 and _all_in(group, _HEX) for group in groups):
        return False
    return count <= 7 if gap else count == 8


def _is_number(label):
    # As inet_aton() and browsers read the last part of an address: decimal, octal or hexadecimal.
    return _all_in(label[2:], _HEX) if label[:2] in ("0x", "0X") else _all_in(label, _DIGITS)


def _all_in(text, allowed):
    return all(char in allowed for char in text)


def _encoded(text):
    # The class is all that is printable in ASCII but the backslash, which some take for a slash.
    if not re.search("[^!-[\\]-~]", text):
        return text
    encoded = ""
    for byte in text.encode():
        if byte <= 0x20 or byte in b"\\\x7f":
            raise KioskError("url", text)
        encoded += chr(byte) if byte < 0x80 else "%%%02X" % byte
    return encoded


def _default_port(scheme):
    for i in range(0, len(_SCHEMES), 2):
        if _SCHEMES[i] == scheme:
            return _SCHEMES[i + 1]
    return None


def _split_authority(authority):
    if authority[:1] != "[":
        return authority.partition(":")
    host, bracket, rest = authority[1:].partition("]")
    if not bracket or ":" not in host or (rest and rest[0] != ":"):
        return "", "", ""
    return host, rest[:1], rest[1:]


def _port(digits):
    if not 0 < len(digits) <= 5 or digits[0] == "0" or not _all_in(digits, _DIGITS):
        return 0
    number = int(digits)
    return number if number <= _PORT_MAX else 0


def _without_dots(target):
    path, question, query = target.partition("?")
    if "/." not in path:
        return target
    kept = []
    parts = path.split("/")[1:]
    for part in parts:
        if part == "..":
            if kept:
                kept.pop()
        elif part != ".":
            kept.append(part)
    if parts[-1] in (".", ".."):
        kept.append("")
    return "/" + "/".join(kept) + question + query
