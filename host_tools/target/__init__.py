"""One interface to a kiosk, wherever it runs: `open_target("unix")`, `"virtual"`, `"serial:/dev/ttyACM0"`."""

from host_tools.errors import HostError
from host_tools.target.serial import SerialTarget
from host_tools.target.target import Target
from host_tools.target.unix import UnixTarget
from host_tools.target.virtual import VirtualTarget

__all__ = ["SerialTarget", "Target", "UnixTarget", "VirtualTarget", "open_target"]


def open_target(name: str, **settings) -> Target:
    """Start or connect to the kiosk that `name` says; `settings` are those of the class that answers for it."""
    if name == "unix":
        return UnixTarget(**settings)
    if name == "virtual":
        return VirtualTarget(**settings)
    if name.startswith("serial:"):
        return SerialTarget(name.partition(":")[2], **settings)
    raise HostError(f"no such target: {name} (there are: unix, virtual, serial:PORT)")
