"""A server that costs as little as one can: answers every GET with the same 1 KB.  Prints its port; ends with its stdin."""

import selectors
import socket
import sys

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: 1024\r\n"
_BODY = b"x" * 1024


def _answer(connection: socket.socket, asked: bytearray) -> bool:
    """Take what has come; return whether the connection goes on."""
    try:
        data = connection.recv(65536)
        asked += data
        if not data:
            return False
        if asked.endswith(b"\r\n\r\n"):
            goes_on = b"HTTP/1.0" not in asked
            connection.sendall(_HEAD + (b"\r\n" if goes_on else b"Connection: close\r\n\r\n") + _BODY)
            asked.clear()
            return goes_on
    except OSError:
        return False
    return True


def main() -> None:
    """Serve until standard input ends."""
    with selectors.DefaultSelector() as selector, socket.create_server(("127.0.0.1", 0)) as listener:
        print(listener.getsockname()[1], flush=True)
        selector.register(listener, selectors.EVENT_READ)
        selector.register(sys.stdin, selectors.EVENT_READ)
        while True:
            for key, _ in selector.select():
                if key.fileobj is sys.stdin:
                    return
                if key.fileobj is listener:
                    connection, _ = listener.accept()
                    connection.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
                    selector.register(connection, selectors.EVENT_READ, bytearray())
                elif not _answer(key.fileobj, key.data):
                    selector.unregister(key.fileobj)
                    key.fileobj.close()


if __name__ == "__main__":
    main()
