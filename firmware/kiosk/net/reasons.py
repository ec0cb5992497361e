"""
The reasons that network failures are told by: Chromium's names, which is what WeChat's own clients show.

Touches nothing: it makes exceptions.
"""

from kiosk.errors import KioskError, from_exception

_ENOMEM = const(12)

# errno, name.  Numbers, which all ports share with Linux: `errno` has no names for some, and folded they cost no RAM.
_NAMES = (
    32, "CONNECTION_RESET",  # EPIPE: the other end had closed before we wrote
    101, "ADDRESS_UNREACHABLE",  # ENETUNREACH
    103, "CONNECTION_ABORTED",  # ECONNABORTED
    104, "CONNECTION_RESET",  # ECONNRESET
    107, "CONNECTION_CLOSED",  # ENOTCONN
    110, "CONNECTION_TIMED_OUT",  # ETIMEDOUT: the network's own limit, not the call's
    111, "CONNECTION_REFUSED",  # ECONNREFUSED
    113, "ADDRESS_UNREACHABLE",  # EHOSTUNREACH
)  # fmt: skip


def failed(name):
    """KioskError: a network failure by its name, such as "EMPTY_RESPONSE"."""
    return KioskError("network", "net::ERR_" + name)


def from_socket(exc):
    """KioskError: what an OSError of a socket means.  A TLS stream gives the same numbers, sometimes negated."""
    number = exc.args[0] if exc.args else 0
    if number == _ENOMEM:
        return from_exception(exc)
    for i in range(0, len(_NAMES), 2):
        if number in (_NAMES[i], -_NAMES[i]):
            return failed(_NAMES[i + 1])
    return failed("FAILED (%s)" % number)
