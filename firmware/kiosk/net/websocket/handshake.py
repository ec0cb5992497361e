"""
The opening handshake (RFC 6455, 4.1): the request that asks for a WebSocket, and what the answer must be.

Touches the stream it is given.  Raises KioskError: "parameter", "network", and what the stream raises.
"""

import binascii
import hashlib
import os
import re

from kiosk.errors import KioskError
from kiosk.net import http
from kiosk.net.fields import text
from kiosk.net.message import read_head

_GUID = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"
# What a mini-program cannot set: Referer by WeChat's rule, the others because they are the handshake's own.
_REFUSED = ("referer", "host", "connection", "upgrade", "content-length", "transfer-encoding", "expect")
_OWN = "sec-websocket-"
_NOT_TOKEN = "[^!#$%&'*+.^_`|~0-9A-Za-z-]"


def checked_header(given):
    """dict of str: the header of the request, with what a mini-program has given for it (dict)."""
    header = {"User-Agent": "mpkiosk"}
    for name, value in given.items():
        lower = name.lower() if isinstance(name, str) else ""
        if lower in _REFUSED or lower.startswith(_OWN) or value is None:
            continue
        value = text(value)
        if not lower or re.search(_NOT_TOKEN, lower) or any(char in value for char in "\r\n\0"):
            raise KioskError("parameter", "parameter.header has an invalid field %r;" % name)
        header["User-Agent" if lower == "user-agent" else name] = value
    return header


def checked_protocols(given):
    """tuple of str: the subprotocols to offer."""
    for index, name in enumerate(given):
        if not isinstance(name, str) or not name or re.search(_NOT_TOKEN, name) or name in given[:index]:
            raise KioskError("parameter", "parameter.protocols has an invalid or repeated name %r;" % name)
    return tuple(given)


async def open_websocket(stream, url, header, protocols):
    """Result: the header of the answer that makes a WebSocket of `stream` (Stream), asked for at `url` (Url).

    header (dict) is changed; protocols (tuple) are offered, and what the server takes is one of them or none.
    """
    key = binascii.b2a_base64(os.urandom(16)).strip()
    header["Upgrade"] = "websocket"
    header["Connection"] = "Upgrade"
    header["Sec-WebSocket-Key"] = key.decode()
    header["Sec-WebSocket-Version"] = "13"
    if protocols:
        header["Sec-WebSocket-Protocol"] = ", ".join(protocols)
    await stream.write(http.Request("GET", url, header).head())
    response = await read_head(stream, "GET")
    _check(response, key, protocols)
    return response.header


def accept(key):
    """str: what the server must answer to `key` (bytes)."""
    return binascii.b2a_base64(hashlib.sha1(key + _GUID).digest()).strip().decode()


def _check(response, key, protocols):
    # Redirects are not followed (4.1 leaves it to the client): the list of domains is about what the program asks for.
    if response.status != 101:
        raise _failed("Unexpected response code: %d" % response.status)
    if response.get(b"upgrade").lower() != "websocket":
        raise _failed("invalid 'Upgrade' header")
    tokens = [token.strip() for token in response.get(b"connection").lower().split(",")]
    if "upgrade" not in tokens:
        raise _failed("invalid 'Connection' header")
    if response.get(b"sec-websocket-accept") != accept(key):
        raise _failed("Incorrect 'Sec-WebSocket-Accept' header value")
    if response.get(b"sec-websocket-extensions"):
        raise _failed("an extension that was not asked for")
    protocol = response.get(b"sec-websocket-protocol")
    if protocol and protocol not in protocols:
        raise _failed("'Sec-WebSocket-Protocol' value '%s' was not asked for" % protocol)


def _failed(text):
    return KioskError("network", "Error during WebSocket handshake: " + text)
