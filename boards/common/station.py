"""Wi-Fi and the clock that is set from it, as MicroPython's `network` and `machine` have them on every board."""

import time

import machine
import network

_SECONDS_1970_TO_2000 = const(946684800)
_REASONS = (
    ("STAT_NO_AP_FOUND", "network not found"),
    ("STAT_WRONG_PASSWORD", "wrong password"),
    ("STAT_HANDSHAKE_TIMEOUT", "wrong password"),  # what a wrong one looks like on the ESP32
)

wlan = network.WLAN(network.WLAN.IF_STA)
# (what wlan.status() says, reason) of the failures that the board's chip tells apart; the NINA's driver tells none
wlan_failures = tuple((getattr(network, name), reason) for name, reason in _REASONS if hasattr(network, name))


def name_servers():
    """The name servers to ask: list of (IP as text, port)."""
    return [(wlan.ifconfig()[3], 53)] if wlan.isconnected() else []


def set_clock(seconds, ms):
    """Set the clock to `seconds` since 1970 and `ms`."""
    if time.gmtime(0)[0] == 2000:  # the ESP32 counts from there
        seconds -= _SECONDS_1970_TO_2000
    year, month, day, hour, minute, second, weekday, _ = time.gmtime(seconds)
    machine.RTC().datetime((year, month, day, weekday, hour, minute, second, ms * 1000))
