"""A serial line to a MicroPython's raw REPL: opening it, and saying in one line why that cannot be done."""

import contextlib
import io

import serial
from mpremote.transport import TransportError
from mpremote.transport_serial import SerialTransport

from host_tools.errors import TargetError

_SILENCE_S = 10  # a line that is silent for so long is dead; mpremote by itself would wait for ever


def connect(port: str) -> SerialTransport:
    """The transport with the raw REPL entered, what runs there not reset.  TargetError when it cannot be had."""
    try:
        transport = SerialTransport(port, timeout=_SILENCE_S)
    except (TransportError, serial.SerialException, OSError) as error:
        raise TargetError(_why_closed(port)) from error
    try:
        with contextlib.redirect_stdout(io.StringIO()):  # mpremote prints what it did not expect
            transport.enter_raw_repl(soft_reset=False, timeout_overall=_SILENCE_S)
    except (TransportError, serial.SerialException, OSError) as error:
        transport.close()
        raise TargetError(f"no MicroPython answers at {port}") from error
    return transport


def _why_closed(port: str) -> str:
    """mpremote does not tell, so ask the port itself."""
    try:
        serial.serial_for_url(port, exclusive=True).close()
    except (serial.SerialException, OSError, ValueError) as error:
        text = str(error)
        if "lock" in text or "busy" in text:
            return f"{port} is in use by another program"
        if "No such file" in text or "could not find" in text.lower():
            return f"{port}: there is no such port"
        return f"{port} cannot be opened: {text}"
    return f"{port} cannot be opened"
