"""
The serial console: a REPL inside the event loop, and what a host drives the kiosk with.

A kiosk runs for a year with nobody at its console, so the REPL is loaded by the first byte that comes.
"""


async def serve(console):
    """Serve the board's console for ever.

    It has `read()`, awaited for some bytes, `write(data)`, and `interruptible(on)`, which lets Ctrl-C in.
    """
    data = await console.read()
    from kiosk.console.repl import Repl

    repl = Repl(console)
    while True:
        repl.receive(data)
        data = await console.read()
