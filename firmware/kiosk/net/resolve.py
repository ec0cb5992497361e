"""
From a host to the addresses to try: the one place that looks names up.

Touches the system's resolver, which blocks while it asks: a name costs the whole loop the time of the answer.
"""

import socket

from kiosk.net.reasons import failed
from kiosk.net.url import is_ipv4


async def resolve(host, port):
    """List of (family, address for connect()) of `host`, a name or a literal; KioskError "network" if there is none.

    Literals come back at once: no port asks a server for them, and no name server hears of them.
    """
    literal = ":" in host or is_ipv4(host)
    try:
        if not literal:
            unwatched(True)
        found = socket.getaddrinfo(host, port, 0, socket.SOCK_STREAM)
    except OSError:
        raise failed("NAME_NOT_RESOLVED")
    finally:
        if not literal:
            unwatched(False)
    if not found:
        raise failed("NAME_NOT_RESOLVED")
    return [(entry[0], entry[-1]) for entry in found]


def unwatched(on):
    """Keep the guard from taking a step that blocks for a mini-program that does not give control back."""
    from kiosk import supervisor

    supervisor.watch(not on)


def ip_text(address):
    """str: the IP of an address that resolve() gave; "" where the port has no way to tell."""
    if isinstance(address, tuple):
        return address[0]
    if not hasattr(socket, "inet_ntop"):
        return ""
    parts = socket.sockaddr(address)  # the Unix port's addresses are the system's own structures
    return socket.inet_ntop(parts[0], parts[1])
