"""
Why a TLS handshake failed, in words.  Imported when one has.  Touches nothing: it makes exceptions.
"""

import errno

from kiosk.errors import KioskError
from kiosk.net.reasons import from_socket

_UNTRUSTED = "The certificate is not correctly signed by the trusted CA"
_OTHER = "Other reason"  # what tlspeer gives for a missing pin

# mbedTLS's number, what it tells.
_NUMBERS = (
    -0x7280, "the server hung up",
    -0x7200, "the server does not speak TLS on this port",
    -0x6E80, "the server does not speak TLS 1.2",
)  # fmt: skip
# The number of an alert (RFC 5246, 7.2), what it tells.
_ALERTS = (
    40, "the server has no cipher in common with us",
    70, "the server does not speak TLS 1.2",
    112, "the server does not know the host name",
)  # fmt: skip


def fault(exc, peer):
    """KioskError: why the handshake with `peer` (tlspeer.Peer) failed, from what it raised."""
    if peer.starved or isinstance(exc, MemoryError):
        return KioskError("oom")
    if isinstance(exc, ValueError):
        return KioskError("tls", _of_certificate(str(exc), peer))
    number = exc.args[0] if exc.args else 0
    text = exc.args[1] if len(exc.args) > 1 else ""
    if number == errno.ENOMEM:  # before the handshake
        return KioskError("oom")
    if peer.alert:
        text = _looked_up(_ALERTS, peer.alert) or "the server refused it with alert %d" % peer.alert
    else:
        text = _looked_up(_NUMBERS, number) or text or from_socket(exc).reason
    return KioskError("tls", text)


def _of_certificate(text, peer):
    # mbedTLS gives a line to each fault.
    faults = []
    for line in text.split("\n"):
        if line == _UNTRUSTED and peer.stranger:
            subject, issuer = peer.stranger
            line += ": %s is signed by %s" % (subject, "itself" if subject == issuer else issuer)
        elif line.startswith(_OTHER):
            line = "none of the pinned keys is in the server's chain"
        if line:
            faults.append(line)
    return "; ".join(faults)


def _looked_up(table, number):
    for i in range(0, len(table), 2):
        if table[i] == number:
            return table[i + 1]
    return ""
