"""kiosk.net.trust and what it says of failed handshakes.  With real servers: tests/system/test_tls.py."""

import binascii

from kiosk import app
from kiosk.net import trust
from kiosk.net.handshakefaults import fault


class FakePeer:
    """What a tlspeer.Peer tells after a handshake."""

    stranger = None
    alert = 0
    starved = False


def _told(exc, **found):
    peer = FakePeer()
    for name, value in found.items():
        setattr(peer, name, value)
    error = fault(exc, peer)
    assert (error.args[0], error.errno) in (("tls", 600001), ("oom", 111))
    return error.reason.replace("ssl hand shake error: ", "")


def test_faults_of_certificates():
    untrusted = "The certificate is not correctly signed by the trusted CA"
    for text, stranger, expected in (
        ("\nThe certificate validity has expired\n", None, "The certificate validity has expired"),
        ("\nA\n\nB\n", None, "A; B"),
        ("\n%s\n" % untrusted, ("CN=a", "CN=b"), untrusted + ": CN=a is signed by CN=b"),
        ("\n%s\n" % untrusted, ("CN=a", "CN=a"), untrusted + ": CN=a is signed by itself"),
        ("\n%s\n" % untrusted, None, untrusted),  # there was no memory for the names
        (
            "\nOther reason (can be used by verify callback)\n",
            None,
            "none of the pinned keys is in the server's chain",
        ),
    ):
        assert _told(ValueError(text), stranger=stranger) == expected


def test_faults_of_the_protocol():
    for number, text, alert, expected in (
        (-0x7280, None, 0, "the server hung up"),
        (-0x7200, "MBEDTLS_ERR_SSL_INVALID_RECORD", 0, "the server does not speak TLS on this port"),
        (-0x6E80, "MBEDTLS_ERR_SSL_BAD_PROTOCOL_VERSION", 0, "the server does not speak TLS 1.2"),
        (-0x7780, "MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE", 40, "the server has no cipher in common with us"),
        (-0x7780, "MBEDTLS_ERR_SSL_FATAL_ALERT_MESSAGE", 46, "the server refused it with alert 46"),
        (-0x6600, "MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER", 0, "MBEDTLS_ERR_SSL_ILLEGAL_PARAMETER"),
        (104, None, 0, "net::ERR_CONNECTION_RESET"),
        (-12345, None, 0, "net::ERR_FAILED (-12345)"),
    ):
        exc = OSError(number, text) if text else OSError(number)
        assert _told(exc, alert=alert) == expected, number


def test_too_little_memory_is_told_as_that():
    for exc in (MemoryError(), OSError(12)):
        assert _told(exc) == "out of memory"
    for exc in (ValueError("\nThe certificate is not correctly signed\n"), OSError(-0x7F00, "X"), OSError(16)):
        assert _told(exc, starved=True) == "out of memory"


def test_pins_are_of_one_server():
    pins = [binascii.b2a_base64(bytes([i]) * 32).strip().decode() for i in range(2)]
    settings = {"appid": "test", "pins": {"https://A.example": ["sha256/" + pin for pin in pins], "https://b:81": []}}
    app.current = app.MiniProgram("/", {}, settings, {})
    assert trust._pins("a.example", 443) == (b"\0" * 32, b"\1" * 32)
    for host, port in (("a.example", 8443), ("b.a.example", 443), ("example", 443), ("b", 443)):
        assert trust._pins(host, port) == ()
    del settings["pins"]
    assert trust._pins("a.example", 443) == ()
    app.current = None
    assert trust._pins("a.example", 443) == ()
