"""What the conformance tests share: a WebSocket server that echoes, and one look at the whole runtime."""

import threading

import pytest
from websockets.exceptions import ConnectionClosed
from websockets.sync.server import serve


def _echo(connection):
    try:
        for message in connection:
            connection.send(message)
    except ConnectionClosed:
        return  # a client that is gone has nothing more to hear


@pytest.fixture(scope="session")
def ws_echo():
    """The address of a `websockets` server that sends every message back."""
    with serve(_echo, "127.0.0.1", 0) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield "ws://127.0.0.1:%d/" % server.socket.getsockname()[1]
        server.shutdown()
