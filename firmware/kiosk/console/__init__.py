"""
The serial console: a REPL inside the event loop, and what a host drives the kiosk with.

A kiosk runs for a year with nobody at its console, so the REPL is loaded by the first byte that comes.
"""


async def serve(console):
    """Serve the board's console for ever: an object with `read()`, awaited for some bytes, and `write(data)`."""
    data = await console.read()
    from kiosk.console.repl import Repl

    repl = Repl(console.write)
    while True:
        repl.receive(data)
        data = await console.read()
