"""
What a call measures of itself, and the RequestProfile made of it.  Touches the clock.

Times are ticks_ms() while the call runs; the profile has them as milliseconds since 1970, which is what WeChat gives.
"""

import time
from time import ticks_diff, ticks_ms

from kiosk.api import Result

# Seconds from 1970 to the epoch of the board's clock, which is 1970 or 2000.
_EPOCH = 0 if time.gmtime(0)[0] == 1970 else 946684800

# RequestProfile as WeChat spells it.  First what Trace.times may have, then what it counts; then what a kiosk does not
# have (a name service over HTTP), does not do, or does not estimate from other requests.
_FIELDS = (
    "invokeStart", "queueStart", "queueEnd", "fetchStart", "redirectStart", "redirectEnd", "domainLookUpStart",
    "domainLookUpEnd", "connectStart", "connectEnd", "SSLconnectionStart", "SSLconnectionEnd", "requestStart",
    "requestEnd", "responseStart", "responseEnd",
    "peerIP", "port", "protocol", "socketReused", "rtt", "sendBytesCount", "receivedBytedCount", "throughputKbps",
    "httpDNSDomainLookUpStart", "httpDNSDomainLookUpEnd", "usingHighPerformanceMode", "httpRttEstimate",
    "transportRttEstimate", "downstreamThroughputKbpsEstimate", "estimate_nettype",
)  # fmt: skip


class Trace:
    """Times, counts and mishaps of one call.

    times: dict, field of the profile -> ticks_ms(), of what has happened; body_bytes: size of the response's body as it
    came over the network; sent, received: bytes of all attempts and redirects.
    """

    body_bytes = sent = received = 0
    _stream = None
    _port = 0
    _reused = False
    _profile = None

    def __init__(self):
        self.times = {"invokeStart": ticks_ms()}
        self.reasons = []  # [{errMsg, errno}] of the attempts that were made again

    def use(self, stream, port, reused):
        """Note which connection the request goes over."""
        self._stream = stream
        self._port = port
        self._reused = reused

    def count(self, stream):
        """Add what went over a connection."""
        self.sent += stream.sent
        self.received += stream.received

    def redirected(self, same_origin):
        """Note a redirect; WeChat tells the times only of those within one origin."""
        if same_origin:
            self.times.setdefault("redirectStart", self.times["fetchStart"])
            self.times["redirectEnd"] = ticks_ms()

    def failed(self, error):
        """Note a failure (KioskError) after which the request is made again."""
        self.reasons.append(Result(errMsg=error.reason, errno=error.errno))

    def exception(self):
        """Result: the `exception` of the documents."""
        return Result(retryCount=len(self.reasons), reasons=self.reasons)

    def prepare(self):
        """Begin the profile: called while the server works on its answer, when the time costs nothing."""
        if not self._profile:
            self._profile = Result()
            for field in _FIELDS:
                self._profile[field] = 0

    def profile(self):
        """Result: the 31 fields of RequestProfile; 0 for what did not happen or does not exist here."""
        profile = self._profile
        invoked = self.times["invokeStart"]
        invoked_ms = time.time_ns() // 1000000 + _EPOCH * 1000 - ticks_diff(ticks_ms(), invoked)
        for field, ticks in self.times.items():
            profile[field] = invoked_ms + ticks_diff(ticks, invoked)
        profile["peerIP"] = self._stream.peer_ip
        profile["port"] = self._port
        profile["protocol"] = "http/1.1"
        profile["socketReused"] = self._reused
        profile["rtt"] = self._stream.connect_ms
        profile["sendBytesCount"] = self.sent
        profile["receivedBytedCount"] = self.received
        profile["throughputKbps"] = self._throughput_kbps()
        profile["usingHighPerformanceMode"] = False
        return profile

    def _throughput_kbps(self):
        # A body that came within one tick of the clock says nothing of the network.
        took_ms = ticks_diff(self.times["responseEnd"], self.times["responseStart"])
        return self.body_bytes * 8 // took_ms if took_ms > 0 else 0
