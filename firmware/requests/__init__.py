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

    def __init__(self, context):
        self._context = context

    def SSLContext(self, protocol):  # noqa: N802  the module's name
        """Itself."""
        return self

    def wrap_socket(self, sock, server_hostname):
        """TLS over `sock`, with the certificate checked."""
        return self._context.wrap_socket(sock, server_hostname=server_hostname)


def request(method, url, *args, **options):
    """As micropython-lib's.  Raises OSError, whose second argument says what is wrong; ValueError; NotImplementedError."""
    kept = sys.modules.get("tls")
    try:
        parsed = parse(url)
        domains.check("request", parsed, app.current.settings if app.current else {"urlCheck": False})
        if parsed.secure:
            sys.modules["tls"] = _Tls(trust.context())
        return _unchecked(method, url, *args, **options)
    except KioskError as exc:
        raise OSError(exc.errno, exc.reason)
    finally:
        if kept:
            sys.modules["tls"] = kept
        else:
            sys.modules.pop("tls", None)


library.request = request  # for get(), post() and the rest, and for redirects
