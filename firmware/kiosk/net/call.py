"""
What request, uploadFile and downloadFile have in common: who may be asked, for how long, and who hears of it.

Touches the network through activity and http only, and asks kiosk.app for the running mini-program.
"""

from kiosk import app
from kiosk.net import activity, domains, http, pool
from kiosk.net.trace import Trace

_TIMEOUT_MS = const(60000)  # wx-rules.md, rule 8


class Call:
    """One call, as the handler of its exchange (see http.fetch).  A kind of call adds `sink(response)`.

    kind: the list in kiosk.json's domains; timeout_key: the key in app.json's networkTimeout.
    """

    kind = timeout_key = "request"

    def __init__(self, options, task):
        program = app.current
        self.options = options
        self.task = task
        self.trace = Trace()
        self._program = program
        if program and pool.close_all not in program.at_close:  # which a sound from the network adds, too
            program.at_close += (pool.close_all,)
        if program and activity.interrupt_all not in program.at_background:
            program.at_background += (activity.interrupt_all,)

    def check(self, url):
        """Raise for a server that the mini-program may not talk to."""
        domains.check(self.kind, url, self._program.settings if self._program else {})

    def tell_head(self, response):
        """Tell the listeners of the head."""
        self.task.emit("HeadersReceived", header=response.header, statusCode=response.status, cookies=response.cookies)

    # Not `async`: what waits is resumed through every coroutine above it, each time.

    def run(self, work):
        """Awaitable: run `work`, a coroutine, as one of the ten calls that run at once, within its time."""
        return activity.run(self.task, self._timeout_ms(), self.trace, work)

    def fetch(self, request):
        """Awaitable: the last Response to `request` (http.Request)."""
        return http.fetch(request, self, self.trace)

    def profile(self):
        """Result, or None if it is not wanted."""
        return self.trace.profile() if self.options["enableProfile"] else None

    def _timeout_ms(self):
        timeout = self.options["timeout"]
        if not timeout and self._program:
            timeout = self._program.config.get("networkTimeout", {}).get(self.timeout_key)
        return timeout if timeout and timeout > 0 else _TIMEOUT_MS


class Progress:
    """Tells a Task's listeners how far a body has got: at each new percent, or at each piece where the end is unknown."""

    def __init__(self, task, done, expected):
        self._task = task
        self._names = (done, expected)
        self._percent = -1

    def tell(self, done, expected):
        """`done` of `expected` bytes have passed; None: nobody knows of how many."""
        percent = 0 if expected is None else done * 100 // expected if expected else 100
        if percent != self._percent or expected is None:
            self._percent = percent
            expected = expected or 0
            fields = {"progress": percent, self._names[0]: done, self._names[1]: expected}
            # The documents once had the same two names for both directions.
            fields["totalBytesSent"], fields["totalBytesExpectedToSend"] = done, expected
            self._task.emit("ProgressUpdate", **fields)
