"""
`make run`: a real HTTP server on loopback, and examples/hello in a kiosk that asks it.

With a terminal the mini-program stays until Ctrl-C; without one it makes its tour and ends.
"""

import http.server
import sys
import threading
from functools import partial

from host_tools.cli import main as cli
from host_tools.paths import EXAMPLES


class _Quiet(http.server.SimpleHTTPRequestHandler):
    """Serves a folder and says nothing on the terminal, which is the mini-program's."""

    protocol_version = "HTTP/1.1"

    def log_message(self, *args) -> None:
        """Leave the request unlogged."""


def main() -> int:
    """Run the demonstration; return the exit status of `kiosk run`."""
    handler = partial(_Quiet, directory=str(EXAMPLES / "hello-server"))
    with http.server.ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        query = f"server=127.0.0.1:{server.server_port}"
        if not sys.stdin.isatty():
            query += "&tour=1"
        print("kiosk run examples/hello --headless --no-url-check --query", query, file=sys.stderr)
        try:
            return cli.main(["run", str(EXAMPLES / "hello"), "--headless", "--no-url-check", "--query", query])
        finally:
            server.shutdown()


if __name__ == "__main__":
    sys.exit(main())
