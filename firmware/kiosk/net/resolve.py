"""
From a host to the addresses to try: the one place that looks names up.

Asks the board's name servers (`board.name_servers()`, a list of (IP as text, port)) through kiosk.net.dns, so the loop
turns meanwhile and the request's time limit holds for the look-up too.  Keeps the last _KEPT names for their time.
"""

import socket
from time import ticks_add, ticks_diff, ticks_ms

import board
from kiosk.net import dns
from kiosk.net.reasons import failed
from kiosk.net.url import is_ipv4

_KEPT = const(4)
_LOOPBACK = ("127.0.0.1", "::1")  # what "localhost" is, and no name server is asked for it (RFC 6761)

_known = []  # (host, addresses as text, ticks_ms() until when), the oldest first


async def resolve(host, port):
    """List of (family, address for connect()) of `host`, a name or a literal; KioskError "network" if there is none."""
    found = []
    for address in (host,) if is_ipv4(host) else await resolve_text(host):
        try:
            entries = socket.getaddrinfo(address, port, 0, socket.SOCK_STREAM)  # of a literal: asks nobody
        except OSError:  # IPv6 where the port has none
            continue
        for entry in entries:
            found.append((entry[0], entry[-1]))
    if not found:
        raise failed("ADDRESS_INVALID")
    return found


async def resolve_text(host):
    """Sequence of the IPs (str) of `host`, a name or a literal."""
    if ":" in host or is_ipv4(host):
        return (host,)
    if host == "localhost" or host.endswith(".localhost"):
        return _LOOPBACK
    return _kept(host) or await _look_up(host)


def _kept(host):
    for entry in _known:
        if entry[0] == host and ticks_diff(entry[2], ticks_ms()) > 0:
            return entry[1]
    return None


async def _look_up(host):
    servers = board.name_servers()
    addresses, ttl = await dns.ask(host, dns.A, servers)
    if not addresses:
        addresses, ttl = await dns.ask(host, dns.AAAA, servers)
    if not addresses:
        raise failed("NAME_NOT_RESOLVED")
    _known[:] = [entry for entry in _known if entry[0] != host][-(_KEPT - 1) :]
    _known.append((host, addresses, ticks_add(ticks_ms(), ttl * 1000)))
    return addresses


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
