"""
The services under the API.  They see each other and the board's capabilities, never `machine` and never a driver.

Over the serial console this package is the front door: `kiosk.call(...)`, `kiosk.mock(...)`, `kiosk.pages()`,
`kiosk.launch(...)`, `kiosk.stop()` and their kin are those of kiosk/console/remote.py, loaded when first asked for.
"""

VERSION = "0.1.0"

# fmt: off
_REMOTE = (
    "call", "run", "mock", "pages", "launch", "stop", "state", "wifi", "autostart", "wait", "hide", "show", "quit",
    "permission", "policy", "converter",
)
# fmt: on


def __getattr__(name):
    if name in _REMOTE:
        from kiosk.console import remote

        return getattr(remote, name)
    if name[0] == "_":
        raise AttributeError(name)
    import sys

    __import__("kiosk." + name)  # `from kiosk import log` comes here too: MicroPython asks the package first
    return sys.modules["kiosk." + name]
