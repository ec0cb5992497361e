"""A kiosk at the end of a serial line: a real board, or anything else that shows a terminal device."""

from host_tools.target.target import Target


class SerialTarget(Target):
    """The kiosk at a port such as `/dev/ttyACM0`.  It was running before and runs on when this is closed."""
