"""
WebSocket (RFC 6455), the client's side.

From the bottom up, each knowing only what stands before it: octets, frames; reader, outbox; handshake; connection;
sockets (which answers wx.connectSocket).  Nothing here imports `wx` or a driver.
"""

# The lower parts first and from here: as imports within imports within imports they would not fit a board's stack.
from kiosk.net import message  # noqa: F401, I001
from kiosk.net import http  # noqa: F401
from kiosk.net.websocket import octets  # noqa: F401
from kiosk.net.websocket import frames  # noqa: F401
from kiosk.net.websocket import handshake  # noqa: F401
