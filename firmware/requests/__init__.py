"""
micropython-lib's `requests`, which is frozen beside this file as it is, held to the rules of the kiosk.

Each request and each redirect goes only to what kiosk.json lists for `request`, and https checks certificates, which
the library itself leaves out.  It blocks: see docs/ecosystem.md.  Imports of the kiosk: domains, trust.
"""

import sys

from kiosk import app
from kiosk.errors import KioskError
from kiosk.net import domains, trust
from kiosk.net.url import parse
from requests import requests as library
from requests.requests import Response, delete, get, head, patch, post, put  # noqa: F401

_unchecked = library.request


class _Tls:
    """What the library takes for the module `tls` and for the context it makes: the kiosk's, whatever it asks for."""

    PROTOCOL_TLS_CLIENT = CERT_NONE = None

    def __init__(self, party):
        self._party = party

    def SSLContext(self, protocol):  # noqa: N802  the module's name
        """Itself."""
        return self

    def wrap_socket(self, sock, server_hostname):
        """TLS over `sock`, with the server checked."""
        return _Secured(self._party.wrap(sock), self._party)


class _Secured:
    """A socket under TLS, whose first write makes the handshake.  Raises KioskError for one that fails."""

    def __init__(self, sock, party):
        self._sock = sock
        self._party = party

    def write(self, data):
        """Write all of `data`."""
        if not self._party:
            return self._sock.write(data)
        try:
            count = self._sock.write(data)
        except (OSError, ValueError, MemoryError) as exc:
            raise self._party.failed(exc)
        self._party.succeeded()
        self._party = None
        return count

    def __getattr__(self, name):
        return getattr(self._sock, name)


def request(method, url, *args, **options):
    """As micropython-lib's.  Raises OSError, whose second argument says what is wrong; ValueError; NotImplementedError."""
    kept = sys.modules.get("tls")
    try:
        parsed = parse(url)
        domains.check("request", parsed, app.current.settings if app.current else {"urlCheck": False})
        if parsed.secure:
            trust.check()
            sys.modules["tls"] = _Tls(trust.Party(parsed.host, parsed.port))
        return _unchecked(method, url, *args, **options)
    except KioskError as exc:
        raise OSError(exc.errno, exc.reason)
    finally:
        if kept:
            sys.modules["tls"] = kept
        else:
            sys.modules.pop("tls", None)


library.request = request  # for get(), post() and the rest, and for redirects
