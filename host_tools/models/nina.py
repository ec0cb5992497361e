"""
NINA-W102 with Arduino's nina-fw 1.5: the Wi-Fi chip of the Nano RP2040 Connect, whose sockets are the host's.

The protocol is that of nina-fw's SPI slave.  ACK low: ready for a transaction; high: in one, or busy.  A command is one
transaction, its reply the next:

    command: E0 cmd n {length data}... EE padding      reply: E0 cmd|80 n {length data}... EE padding

Lengths have one byte, or two (high first) for what carries data of sockets.  Time is the board's: each command takes
`command_us`, joining a network `join_ms`.  The sockets (sockets.py) add latency and bandwidth.

Misbehaving, on demand and from any thread: `networks` changes what is in the air, `drop()` loses the network, `stall(ms)`
keeps ACK high, `broken` answers every command with garbage, `reset()` restarts the chip.
"""

import struct
from dataclasses import dataclass, field
from typing import Callable, Dict, List, Optional, Sequence

from host_tools.models.sockets import DMA_BYTES, HostSockets
from host_tools.models.wires import Prepared, SpiModel

_START = 0xE0
_END = 0xEE
_REPLY = 0x80

OPEN, WPA = 7, 4  # encryption types of nina-fw

IDLE, NO_SSID, SCANNED, CONNECTED, FAILED, LOST, DISCONNECTED = range(7)
REASON_NONE, REASON_HANDSHAKE, REASON_NO_AP, REASON_BEACON = 0, 15, 201, 200

_SOCKET_DATA = (0x77, 0x79)  # commands whose arguments have lengths of 16 bits
_LONG_REPLIES = (0x78, 0x7A)  # commands whose reply has them


@dataclass
class Network:
    """An access point in the air."""

    ssid: str
    key: str = ""  # empty: an open network
    rssi: int = -55
    channel: int = 6
    bssid: bytes = bytes.fromhex("02006e696e61")


@dataclass
class Timing:
    """How long things take, in emulated time.  Assumptions, not measurements of a chip."""

    ack_us: float = 2.0  # from chip select to ACK
    command_us: float = 80.0
    join_ms: float = 1500.0
    scan_ms: float = 2000.0
    boot_ms: float = 400.0


@dataclass
class _Air:
    """The chip's connection to a network."""

    status: int = IDLE
    reason: int = REASON_NONE
    network: Optional[Network] = None
    wanted: Optional[Network] = None
    settled_ns: float = 0.0  # when `outcome` takes effect
    outcome: int = IDLE
    scanned_ns: float = 0.0
    found: Sequence[Network] = field(default_factory=tuple)


class Nina(SpiModel):
    """The chip; pins: ack and gpio0 (driven by it), reset and gpio0 (by the board)."""

    def __init__(
        self,
        networks: Sequence[Network] = (Network("kiosk", "password"),),
        sockets: Optional[HostSockets] = None,
        timing: Optional[Timing] = None,
        version: str = "1.5.0",
    ):
        self.networks: List[Network] = list(networks)
        self.sockets = sockets or HostSockets()
        self.timing = timing or Timing()
        self.version = version
        self.broken = False
        self.commands: Dict[int, int] = {}  # command -> how often it came
        self.power_save = True  # as ESP-IDF begins
        self.attempts_ns: List[float] = []  # when it was told to join
        self._pending: List[Callable[[], None]] = []  # what other threads want to happen
        self._stall_ns = 0.0
        self._booted_ns = 0.0
        self._address = (10, 0, 0, 2)
        self._air = _Air()
        self._name = ""
        self._reply = b""
        self._handlers: Dict[int, Callable[[List[bytes]], Sequence[bytes]]] = {
            **self._station(),
            **self._scanning(),
            **self.sockets.commands(),
        }

    # The wires.

    def attach(self, wires) -> None:
        super().attach(wires)
        self.sockets.attach(wires.now_ns, lambda: self._status() == CONNECTED, "10.0.0.1")
        wires.drive("ack", 1, 0)

    def pin_changed(self, name: str, level: int) -> None:
        """Reset low stops the chip; high starts it."""
        if name == "reset":
            self._restart()
            if level:
                self._boot()

    def _restart(self) -> None:
        self._air = _Air()
        self._reply = b""
        self.power_save = True
        self.sockets.close_all()
        self.wires.drive("ack", 1, 0)

    def _boot(self) -> None:
        boot_ns = self.timing.boot_ms * 1e6
        self._booted_ns = self.wires.now_ns() + boot_ns
        self.wires.drive("ack", 0, boot_ns)

    def _booting(self) -> bool:
        return self.wires.now_ns() < self._booted_ns

    def select(self) -> Prepared:
        while self._pending:
            self._pending.pop(0)()
        if self._booting():
            return Prepared()
        self.wires.drive("ack", 1, self.timing.ack_us * 1e3)
        return Prepared(self._reply)

    def deselect(self, mosi: bytes) -> None:
        if self._booting():
            return
        delay_us = self.timing.ack_us
        if self._reply and mosi:
            self._reply = b""  # it has been read
        elif mosi:
            self._reply = self._answer(mosi)
            delay_us = self.timing.command_us + self.sockets.take_delay_us()
        self.wires.drive("ack", 0, delay_us * 1e3 + self._stall_ns)
        self._stall_ns = 0.0

    # Commands.

    def _answer(self, mosi: bytes) -> bytes:
        mosi = mosi[:DMA_BYTES]
        if self.broken or len(mosi) < 4 or mosi[0] != _START:
            return b"\xef" * 4
        command = mosi[1]
        self.commands[command] = self.commands.get(command, 0) + 1
        handler = self._handlers.get(command)
        if handler is None:
            return bytes([0xEF, 0, 0, _END])
        values = handler(list(self._arguments(mosi)))
        width = 2 if command in _LONG_REPLIES else 1
        reply = bytearray([_START, command | _REPLY, len(values)])
        for value in values:
            reply += len(value).to_bytes(width, "big") + value
        return bytes(reply) + bytes([_END, 0xFF, 0xFF, 0xFF])

    @staticmethod
    def _arguments(mosi: bytes):
        width = 2 if mosi[1] in _SOCKET_DATA else 1
        position = 3
        for _ in range(mosi[2]):
            length = int.from_bytes(mosi[position : position + width], "big")
            position += width
            yield mosi[position : position + length]
            position += length

    def _station(self) -> dict:
        return {
            0x10: lambda args: self._join(args[0], ""),
            0x11: lambda args: self._join(args[0], args[1].decode()),
            0x12: lambda args: self._join(args[0], args[-1].decode()),
            0x30: self._leave,
            0x17: self._set_power,
            0x20: lambda _: [bytes([self._status()])],
            0x1F: lambda _: [bytes([self._air.reason])],
            0x14: lambda args: self._set_address(args),
            0x15: lambda _: [b"\x01"],
            0x16: lambda _: [b"\x01"],
            0x21: lambda _: self._addresses(),
            0x22: lambda _: [bytes.fromhex("0200000000a0")[::-1]],
            0x23: lambda _: [self._here().ssid.encode()],
            0x24: lambda _: [self._here().bssid[::-1]],
            0x25: lambda _: [struct.pack("<i", self._here().rssi)],
            0x26: lambda _: [bytes([WPA if self._here().key else OPEN])],
            0x37: lambda _: [self.version.encode() + b"\0"],
            0x34: self._look_up,
            0x35: lambda _: [self.sockets.address_of(self._name)],
            0x50: lambda _: [b"\x01"],
            0x51: lambda _: [b"\x01"],
            0x53: lambda _: [b"\x00"],
            0x54: lambda _: [b"\x00\x00"],
        }

    def _scanning(self) -> dict:
        def of(get: Callable[[Network], bytes]):
            return lambda args: [get(self._air.found[args[0][0]])]

        return {
            0x36: self._scan,
            0x27: lambda _: [network.ssid.encode() for network in self._scan_result()],
            0x32: of(lambda network: struct.pack("<i", network.rssi)),
            0x33: of(lambda network: bytes([WPA if network.key else OPEN])),
            0x3C: of(lambda network: network.bssid[::-1]),
            0x3D: of(lambda network: bytes([network.channel])),
        }

    def _join(self, ssid: bytes, key: str) -> Sequence[bytes]:
        self.attempts_ns.append(self.wires.now_ns())
        air = self._air = _Air(status=NO_SSID)
        network = next((network for network in self.networks if network.ssid.encode() == ssid), None)
        air.wanted = network
        air.settled_ns = self.wires.now_ns() + self.timing.join_ms * 1e6
        if network is None:
            air.outcome, air.reason = FAILED, REASON_NO_AP
        elif network.key != key:
            air.outcome, air.reason = FAILED, REASON_HANDSHAKE
        else:
            air.outcome = CONNECTED
        return [b"\x01"]

    def _set_power(self, args: List[bytes]) -> Sequence[bytes]:
        self.power_save = bool(args[0][0])
        return [b"\x01"]

    def _leave(self, _) -> Sequence[bytes]:
        self._air = _Air(status=DISCONNECTED)
        self.sockets.close_all()
        return [b"\x01"]

    def _status(self) -> int:
        air = self._air
        if air.status == NO_SSID and self.wires.now_ns() >= air.settled_ns:
            air.status = air.outcome
            air.network = air.wanted if air.outcome == CONNECTED else None
        return air.status

    def _here(self) -> Network:
        self._status()
        return self._air.network or Network("", rssi=0, bssid=bytes(6))

    def _set_address(self, args: List[bytes]) -> Sequence[bytes]:
        self._address = tuple(args[1])
        return [b"\x00"]

    def _addresses(self) -> Sequence[bytes]:
        if self._status() != CONNECTED:
            return [bytes(4), bytes(4), bytes(4)]
        return [bytes(self._address), bytes([255, 255, 255, 0]), bytes([*self._address[:3], 1])]

    def _look_up(self, args: List[bytes]) -> Sequence[bytes]:
        self._name = args[0].decode()
        known = self._status() == CONNECTED and self.sockets.knows(self._name)
        return [b"\x01" if known else b"\x00"]

    def _scan(self, _) -> Sequence[bytes]:
        self._air.scanned_ns = self.wires.now_ns() + self.timing.scan_ms * 1e6
        return [b"\x01"]

    def _scan_result(self) -> Sequence[Network]:
        air = self._air
        air.found = self.networks[:10] if self.wires.now_ns() >= air.scanned_ns else []
        return air.found

    # Misbehaviour: it happens when the board next selects the chip.

    def drop(self) -> None:
        """The access point is gone: connections die, and it is not in the air until put back into `networks`."""
        self._pending.append(self._drop)

    def _drop(self) -> None:
        self.networks = [network for network in self.networks if network is not self._air.network]
        self._air = _Air(status=LOST, reason=REASON_BEACON)
        self.sockets.close_all()

    def stall(self, milliseconds: float) -> None:
        """After the next command the chip is busy for so long."""
        self._pending.append(lambda: setattr(self, "_stall_ns", milliseconds * 1e6))

    def reset(self) -> None:
        """The chip restarts, as after a crash of its own."""
        self._pending += [self._restart, self._boot]
