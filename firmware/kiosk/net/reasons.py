"""
The reasons that network failures are told by: Chromium's names, which is what WeChat's own clients show.

Touches nothing: it makes exceptions.
"""

import errno

from kiosk.errors import KioskError, from_exception

# errno, name.  Pairs in one flat tuple, which costs no RAM when frozen.  Numbers are those without a name in `errno`.
_NAMES = (
    (errno.ECONNREFUSED, "CONNECTION_REFUSED")
    + (errno.ECONNRESET, "CONNECTION_RESET")
    + (errno.ECONNABORTED, "CONNECTION_ABORTED")
    + (errno.ENOTCONN, "CONNECTION_CLOSED")
    + (32, "CONNECTION_RESET")  # EPIPE: the other end had closed before we wrote
    + (101, "ADDRESS_UNREACHABLE")  # ENETUNREACH
    + (errno.EHOSTUNREACH, "ADDRESS_UNREACHABLE")
    + (errno.ETIMEDOUT, "CONNECTION_TIMED_OUT")  # the network's own limit, not the call's
)


def failed(name):
    """KioskError: a network failure by its name, such as "EMPTY_RESPONSE"."""
    return KioskError("network", "net::ERR_" + name)


def from_socket(exc):
    """KioskError: what an OSError of a socket means.  A TLS stream gives the same numbers, sometimes negated."""
    number = exc.args[0] if exc.args else 0
    if number == errno.ENOMEM:
        return from_exception(exc)
    for i in range(0, len(_NAMES), 2):
        if number in (_NAMES[i], -_NAMES[i]):
            return failed(_NAMES[i + 1])
    return failed("FAILED (%s)" % number)
