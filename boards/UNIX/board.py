"""
The emulator: a board made of a Unix process.

The host that starts the process (host_tools/target) says on the command line what plays which part:

    --flash FILE      the flash chip: littlefs on FILE, formatted when it holds none yet
    --flash-kb N      its size when it is new
    --app ID=FOLDER   a mini-program of the host, read-only at /apps/ID as if it had been installed
    --models FD       the wires to the models of its chips; without it nothing is wired to the board
    --wired NAME,...  which of speaker, microphone, display, touch and camera are at the other end of their wires
    --name-server IP:PORT   asked for the addresses of names instead of the host's
    --output FD       where the mini-program prints;  --errors FD: tracebacks and the kiosk's own log
    --log LEVEL       debug, info, warn or error

Standard input and output are the serial console.  Once the flash is mounted at / the host's files are out of reach, as
on any board.
"""

import select
import sys
from asyncio import core

import guard  # noqa: F401  a capability: what keeps a mini-program from holding on to the processor
import ttywatch
from rootfs import apps_folder, ca_folder, data_folder  # noqa: F401

storage_limit_bytes = 10 * 1024 * 1024
model = "mpkiosk Unix"
display = touch = "screen"  # the module that makes them
camera = "lens"  # the module that makes it
microphone = speaker = "sound"  # the module that makes them
wlan = None
wlan_failures = ()
set_clock = None

program_output = sys.stdout
error_output = sys.stdout
log_level = "warn"
flash = None
_name_servers = []


def name_servers():
    """The name servers to ask: list of (IP as text, port)."""
    return _name_servers


class Console:
    """The serial line on standard input and output: a pseudo terminal when the host wants one."""

    _CHUNK = 256
    _RETRY_MS = 200  # a terminal whose other end is closed reads as an error until it is opened again

    def __init__(self):
        self._input = sys.stdin.buffer
        self._poll = select.poll()
        self._poll.register(self._input, select.POLLIN)
        self.write = sys.stdout.write
        self._early = b""

    def interruptible(self, on):
        """While on, Ctrl-C raises KeyboardInterrupt in the running code; it is on while the console's code runs."""
        if on:
            ttywatch.start(sys.stdin.buffer.fileno())
        else:
            self._early += ttywatch.stop()

    def read(self):
        """Await this: 1 to 256 bytes, as soon as there are any.  EOFError when the line is gone for good."""
        data, self._early = bytearray(self._early), b""
        while not data:
            yield core._io_queue.queue_read(self._input)
            try:
                data.extend(self._input.read(1))
            except OSError:
                yield from core.sleep_ms(self._RETRY_MS)
                continue
            if not data:
                raise EOFError
        # One byte at a time: a longer read() would wait for all that it was asked for.
        while len(data) < self._CHUNK and self._poll.poll(0):
            data.extend(self._input.read(1))
        return data


def start():
    """Read the command line, mount the flash and what stands for installed mini-programs."""
    global program_output, error_output, log_level, flash
    from flashfile import FlashFile

    import host

    options = host.options(sys.argv[1:])
    if "--output" in options:
        program_output = open(int(options["--output"]), "w")
    if "--errors" in options:
        error_output = open(int(options["--errors"]), "w")
    if "--models" in options:
        import wires

        wires.connect(int(options["--models"]))
    log_level = options.get("--log", log_level)
    _name_servers.extend(host.name_servers(options.get("--name-server")))
    flash = FlashFile(options["--flash"], int(options["--flash-kb"]) * 1024)
    host.mount(flash, apps_folder, options["--app"])
