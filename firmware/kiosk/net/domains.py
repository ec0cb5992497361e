"""
Which servers a mini-program may talk to (kiosk.json, "domains").  Touches nothing but its arguments.

`settings` is the dict of kiosk.json: {"urlCheck": bool, "domains": {"request": ["https://host[:port]", ...], ...}}.
"""

from kiosk.errors import KioskError

_SOCKET_SCHEMES = ("ws", "wss")
_OTHER_SCHEMES = ("http", "https")


def check(kind, url, settings):
    """Raise unless a call of `kind` ("request", "upload", "download", "socket") may go to `url` (Url).

    KioskError "url" for a scheme that is not the kind's, "domain" for a server that is not listed.  A listed host
    allows itself and no other, on its port and no other.
    """
    if url.scheme not in (_SOCKET_SCHEMES if kind == "socket" else _OTHER_SCHEMES):
        raise KioskError("url", url.origin + url.target)
    if settings.get("urlCheck") is False:
        return
    if url.secure:
        origin = url.origin
        explicit = url.scheme + "://" + url.host_and_port  # a list may spell out the default port
        for listed in settings.get("domains", {}).get(kind, ()):
            if listed.lower() in (origin, explicit):
                return
    raise KioskError("domain")
