"""Start the converter: `python -m host_tools.converter --host 0.0.0.0 --port 8010`."""

import argparse
import signal
import sys

from host_tools.converter.service import Limits, serve


def main(argv=None) -> int:
    """Serve until it is interrupted."""
    limits = Limits()
    parser = argparse.ArgumentParser(prog="python -m host_tools.converter", description=main.__doc__)
    parser.add_argument(
        "--host", default="127.0.0.1", help="address to listen at (default %(default)s: this machine only)"
    )
    parser.add_argument("--port", type=int, default=8010, help="default %(default)s")
    parser.add_argument(
        "--megabytes", type=int, default=limits.size_bytes >> 20, help="of a document (default %(default)s)"
    )
    parser.add_argument("--seconds", type=float, default=limits.timeout_s, help="for a document (default %(default)s)")
    arguments = parser.parse_args(argv)
    limits = Limits(size_bytes=arguments.megabytes << 20, timeout_s=arguments.seconds)
    signal.signal(signal.SIGTERM, signal.default_int_handler)  # its files go, too, when a service manager ends it
    try:
        with serve(arguments.host, arguments.port, limits) as server:
            print(f"converter: http://{arguments.host}:{server.server_address[1]}", flush=True)
            server.serve_forever()
    except KeyboardInterrupt:
        return 0
    except OSError as error:
        print(f"converter: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
