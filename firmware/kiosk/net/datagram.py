"""
One question to one server over UDP, without holding up the loop.  Touches UDP sockets and asyncio's poller.

Has no time limit: whoever asks is cancelled when the time is up.
"""

import errno
import socket
from asyncio import core

from kiosk.net.reasons import from_socket


async def exchange(server, question, accept, limit):
    """bytes: the first answer for which `accept(answer)` is true; `server` is (IP as text, port), `limit` in bytes.

    Raises KioskError "network".
    """
    address = socket.getaddrinfo(server[0], server[1], 0, socket.SOCK_DGRAM)[0]  # a literal: asks nobody
    sock = socket.socket(address[0], socket.SOCK_DGRAM)
    try:
        sock.setblocking(False)
        sock.connect(address[-1])  # from here on the system drops what others send
        sock.send(question)
        while True:
            answer = await _receive(sock, limit)
            if accept(answer):
                return answer
    except OSError as exc:
        raise from_socket(exc)
    finally:
        sock.close()


def _receive(sock, limit):
    # Awaitable: a generator, because an `async def` cannot give way to the poller.
    while True:
        yield core._io_queue.queue_read(sock)
        try:
            return sock.recv(limit)
        except OSError as exc:
            if exc.args[0] != errno.EAGAIN:  # woken for nothing
                raise
