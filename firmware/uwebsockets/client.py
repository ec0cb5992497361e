"""`connect(uri)`: a WebSocket whose calls block.  Opens connections; holds up the event loop while a call runs."""

from kiosk import app
from kiosk.errors import KioskError
from kiosk.net import domains
from kiosk.net.stream import connect as open_stream
from kiosk.net.url import parse
from kiosk.net.websocket.handshake import checked_header, open_websocket
from uwebsockets.blocking import Loop
from uwebsockets.protocol import Websocket


class WebsocketClient(Websocket):
    """What connect() returns."""

    is_client = True


def connect(uri):
    """Open a WebSocket and return it; `with connect(uri) as websocket:` closes it at the end.

    uri: ws or wss; certificates are checked.  In a mini-program it has to be one that kiosk.json lists for `socket`.
    Raises OSError, whose second argument says what is wrong; ValueError for what is no such address.
    """
    url = _checked(uri)
    loop = Loop()
    try:
        return WebsocketClient(loop, loop.run(_open(url)))
    except KioskError as exc:
        raise OSError(exc.errno, exc.reason)


def _checked(uri):
    settings = app.current.settings if app.current else {"urlCheck": False}
    try:
        url = parse(uri)
        domains.check("socket", url, settings)
    except KioskError as exc:
        raise (ValueError if exc.args[0] == "url" else OSError)(exc.errno, exc.reason)
    return url


async def _open(url):
    stream = await open_stream(url, {})
    try:
        await open_websocket(stream, url, checked_header({}), ())
    except BaseException:  # whatever it was: nobody else knows of this socket
        stream.close()
        raise
    return stream
