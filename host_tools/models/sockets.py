"""
The sockets of a Wi-Fi chip, bridged to the host's.

So that a run gives the same cycles each time, what the board sees does not depend on how fast the host is.  What is sent
takes the line's latency and bandwidth, in emulated time; an answer is due one round trip after what was sent last, and
when it is due the emulator waits for the host while the board's time stands still: `patience_s` for its beginning, and
as long as pieces follow each other within _QUIET_S, so that the pieces a server sends it in do not show.  A peer that has
nothing to say by then is heard whenever the board asks, without waiting.
"""

import errno
import re
import select
import socket
import struct
from pathlib import Path
from typing import Callable, Dict, List, Optional, Sequence, Tuple

# What nina-fw (newlib's errno.h) calls the errors; what is not here is EIO.
_NEWLIB = {
    errno.EAGAIN: 11,
    errno.EINVAL: 22,
    errno.EPIPE: 32,
    errno.ECONNRESET: 104,
    errno.ECONNREFUSED: 111,
    errno.EADDRINUSE: 112,
    errno.ECONNABORTED: 113,
    errno.ENETUNREACH: 114,
    errno.ETIMEDOUT: 116,
    errno.EHOSTUNREACH: 118,
    errno.EINPROGRESS: 119,
    errno.ENOTCONN: 128,
}
_EIO = 5
_TCP, _UDP = 1, 2
_COUNT = 10
_NONE = 255
_READABLE, _WRITABLE, _BROKEN = 1, 2, 4
_DNS, _NTP = 53, 123
_SO_ACCEPTCONN = 0x0002
_QUIET_S = 0.02
_MORE_S = 0.1  # what is waited for the beginning of more, after something came
_BUFFERED = 16 * 1024
DMA_BYTES = 4092  # SPI_MAX_DMA_LEN of the chip's ESP-IDF: no command is longer, no answer
_MOST = DMA_BYTES - 16  # that one answer carries, as nina-fw's socket_recv
_OK, _NOT_OK = [b"\x01"], [b"\x00"]


class _Socket:
    """One of the chip's sockets."""

    def __init__(self, kind: int):
        self.peer = socket.socket(socket.AF_INET, socket.SOCK_STREAM if kind == _TCP else socket.SOCK_DGRAM)
        self.peer.setblocking(False)
        self.kind = kind
        self.listening = False
        self.connecting = False
        self.received = bytearray()
        self.ended = False
        self.error = 0
        self.due_ns = 0.0  # when something may arrive
        self.patience_s = 0.0  # how long the host is waited for then


class HostSockets:
    """latency_ms: one way.  bandwidth_kb: KB (1024 bytes) a second, each way.  hosts: names with addresses of their own.
    name_server, time_server: "IP:PORT" that answer at the gateway's ports 53 and 123; by default the host's own name
    server, and no time server.
    """

    def __init__(
        self,
        latency_ms: float = 5.0,
        bandwidth_kb: float = 500.0,
        patience_s: float = 1.0,
        hosts: Optional[Dict[str, str]] = None,
        name_server: Optional[str] = None,
        time_server: Optional[str] = None,
    ):
        self.latency_ms = latency_ms
        self.bandwidth_kb = bandwidth_kb
        self.patience_s = patience_s
        self.hosts = dict(hosts or {})
        self.name_server = _parse(name_server) if name_server else _host_name_server()
        self.time_server = _parse(time_server) if time_server else None
        self._sockets: Dict[int, _Socket] = {}
        self._errno = 0
        self._delay_us = 0.0

    def attach(self, now_ns: Callable[[], float], connected: Callable[[], bool], gateway: str) -> None:
        """now_ns: emulated time.  connected: whether there is a network.  gateway: its address there."""
        self._gateway = gateway
        self._now_ns = now_ns
        self._connected = connected

    def take_delay_us(self) -> float:
        """What the last command takes beyond the usual."""
        delay, self._delay_us = self._delay_us, 0.0
        return delay

    def close_all(self) -> None:
        """The network is gone."""
        for each in self._sockets.values():
            each.peer.close()
        self._sockets.clear()

    def commands(self) -> Dict[int, Callable[[List[bytes]], Sequence[bytes]]]:
        """The chip's commands that are about sockets."""
        return {
            0x70: self._open,
            0x71: self._close,
            0x72: lambda _: [bytes([self._errno])],
            0x73: self._bind,
            0x74: self._listen,
            0x75: self._accept,
            0x76: self._connect,
            0x77: lambda args: self._send(args[0], args[1], None),
            0x78: lambda args: [self._receive(args)[0]],
            0x79: lambda args: self._send(args[0], args[3], self._address(args[1], args[2])),
            0x7A: self._receive_from,
            0x7B: lambda args: [args[2] if self._get(args[0]) else b""],
            0x7C: self._poll,
            0x7D: lambda args: _OK if self._get(args[0]) else _NOT_OK,
            0x7E: self._option,
        }

    # Names.

    def knows(self, name: str) -> bool:
        """Look a name up, with the host's own resolver or in `hosts`."""
        self._delay_us += 2 * self.latency_ms * 1e3
        return self.address_of(name) != bytes(4)

    def address_of(self, name: str) -> bytes:
        """The address of a name; zeros when it has none."""
        try:
            return socket.inet_aton(self.hosts.get(name) or socket.gethostbyname(name))
        except OSError:
            return bytes(4)

    def _address(self, ip: bytes, port: bytes) -> Tuple[str, int]:
        address = socket.inet_ntoa(ip), int.from_bytes(port, "big")
        return self._behind_gateway().get(address) or address

    def _behind_gateway(self) -> Dict[Tuple[str, int], Optional[Tuple[str, int]]]:
        return {(self._gateway, _DNS): self.name_server, (self._gateway, _NTP): self.time_server}

    def _as_seen(self, address: Tuple[str, int]) -> Tuple[str, int]:
        """Where the board has the answers of a server behind the gateway from."""
        return next((seen for seen, real in self._behind_gateway().items() if real == address), address)

    # One function a command.

    def _get(self, fd: bytes) -> Optional[_Socket]:
        found = self._sockets.get(fd[0])
        if found is None:
            self._errno = _NEWLIB[errno.ENOTCONN]
        return found

    def _fail(self, error: int) -> None:
        self._errno = _NEWLIB.get(error, _EIO)

    def _open(self, args: List[bytes]) -> Sequence[bytes]:
        free = [fd for fd in range(_COUNT) if fd not in self._sockets]
        if not free or args[0][0] not in (_TCP, _UDP):
            self._errno = 23  # ENFILE
            return [bytes([_NONE])]
        self._sockets[free[0]] = _Socket(args[0][0])
        return [bytes([free[0]])]

    def _close(self, args: List[bytes]) -> Sequence[bytes]:
        found = self._sockets.pop(args[0][0], None)
        if found:
            found.peer.close()
        return _OK

    def _bind(self, args: List[bytes]) -> Sequence[bytes]:
        return self._try(args[0], lambda found: found.peer.bind(("127.0.0.1", int.from_bytes(args[1], "big"))))

    def _listen(self, args: List[bytes]) -> Sequence[bytes]:
        def listen(found: _Socket) -> None:
            found.peer.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            found.peer.listen(args[1][0])
            found.listening = True

        return self._try(args[0], listen)

    def _try(self, fd: bytes, action: Callable[[_Socket], None]) -> Sequence[bytes]:
        found = self._get(fd)
        if found is None:
            return _NOT_OK
        try:
            action(found)
        except OSError as error:
            self._fail(error.errno)
            return _NOT_OK
        return _OK

    def _accept(self, args: List[bytes]) -> Sequence[bytes]:
        found = self._get(args[0])
        nobody = [bytes([_NONE]), bytes(4), bytes(2)]
        free = [fd for fd in range(_COUNT) if fd not in self._sockets]
        if found is None or not free:
            return nobody
        try:
            peer, address = found.peer.accept()
        except OSError as error:
            self._fail(error.errno)
            return nobody
        accepted = _Socket(_TCP)
        accepted.peer.close()
        accepted.peer = peer
        peer.setblocking(False)
        self._sockets[free[0]] = accepted
        return [bytes([free[0]]), socket.inet_aton(address[0]), struct.pack("<H", address[1])]

    def _connect(self, args: List[bytes]) -> Sequence[bytes]:
        found = self._get(args[0])
        if found is None:
            return _NOT_OK
        if not self._connected():
            self._fail(errno.ENETUNREACH)
            return _NOT_OK
        error = found.peer.connect_ex(self._address(args[1], args[2]))
        if error not in (0, errno.EINPROGRESS):
            self._fail(error)
            return _NOT_OK
        if found.kind == _UDP:
            return _OK
        found.connecting = True
        self._expect(found, 0)
        self._fail(errno.EINPROGRESS)
        return _NOT_OK

    def _expect(self, found: _Socket, count: int) -> None:
        """Something of `count` bytes was sent: an answer is due a round trip later."""
        sent_ns = count / (self.bandwidth_kb * 1024) * 1e9
        found.due_ns = max(found.due_ns, self._now_ns() + 2 * self.latency_ms * 1e6 + sent_ns)
        found.patience_s = self.patience_s

    def _send(self, fd: bytes, data: bytes, address: Optional[Tuple[str, int]]) -> Sequence[bytes]:
        found = self._get(fd)
        if found is None:
            return [bytes(2)]
        try:
            if found.error:
                raise OSError(found.error, "the peer is gone")
            sent = found.peer.sendto(data, address) if address else found.peer.send(data)
        except OSError as error:
            self._fail(error.errno)
            return [bytes(2)]
        self._errno = 0
        self._delay_us += sent / (self.bandwidth_kb * 1024) * 1e6
        self._expect(found, sent)
        return [struct.pack(">H", sent)]

    def _arrived(self, found: _Socket) -> bool:
        """Whether there is something to read (data, an end, a caller, an error), by the board's clock."""
        if found.received or found.ended or found.error:
            return True
        if self._now_ns() < found.due_ns:
            return False
        wait_s, found.patience_s = found.patience_s, 0.0
        if not select.select([found.peer], [], [], wait_s)[0]:
            return False
        if found.kind == _TCP and not found.listening:
            self._gather(found)
        return True

    @staticmethod
    def _gather(found: _Socket) -> None:
        """Take what has come, and what comes right behind it."""
        while len(found.received) < _BUFFERED and select.select([found.peer], [], [], _QUIET_S)[0]:
            try:
                data = found.peer.recv(_BUFFERED)
            except OSError as error:
                found.error = error.errno
                return
            found.received += data
            if not data:
                found.ended = True
                return
        found.patience_s = _MORE_S

    def _receive(self, args: List[bytes]) -> Tuple[bytes, Tuple[str, int]]:
        found = self._get(args[0])
        nobody = ("0.0.0.0", 0)
        if found is None:
            return b"", nobody
        wanted = min(int.from_bytes(args[1], "little"), _MOST)
        if not self._arrived(found):
            self._fail(errno.EAGAIN)
            return b"", nobody
        try:
            data, address = self._take(found, wanted)
        except OSError as error:
            self._fail(error.errno)
            return b"", nobody
        self._errno = 0
        self._delay_us += len(data) / (self.bandwidth_kb * 1024) * 1e6
        return data, self._as_seen(address) if address else nobody

    @staticmethod
    def _take(found: _Socket, wanted: int) -> Tuple[bytes, Optional[Tuple[str, int]]]:
        if found.kind == _UDP:
            return found.peer.recvfrom(wanted)
        if found.error and not found.received:
            raise OSError(found.error, "the peer is gone")
        data = bytes(found.received[:wanted])
        del found.received[:wanted]
        return data, None

    def _receive_from(self, args: List[bytes]) -> Sequence[bytes]:
        data, (host, port) = self._receive(args)
        return [socket.inet_aton(host), struct.pack("<H", port), data]

    def _poll(self, args: List[bytes]) -> Sequence[bytes]:
        found = self._get(args[0])
        if found is None:
            return [bytes([0x80])]
        if found.connecting:
            return [bytes([self._poll_connect(found)])]
        flags = _READABLE if self._arrived(found) else 0
        if not found.listening and select.select([], [found.peer], [], 0)[1]:
            flags |= _WRITABLE
        return [bytes([flags])]

    def _poll_connect(self, found: _Socket) -> int:
        if self._now_ns() < found.due_ns:
            return 0
        wait_s, found.patience_s = found.patience_s, 0.0
        if not select.select([], [found.peer], [], wait_s)[1]:
            return 0
        found.connecting = False
        error = found.peer.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
        if error:
            found.error = error  # as with lwIP: what is done next with the socket fails of it
            return _READABLE | _WRITABLE | _BROKEN
        return _WRITABLE

    def _option(self, args: List[bytes]) -> Sequence[bytes]:
        found = self._get(args[0])
        if found is None:
            return [b""]
        listening = int.from_bytes(args[1], "little") == _SO_ACCEPTCONN and found.listening
        return [int(listening).to_bytes(args[2][0], "little")]


def _parse(text: str) -> Tuple[str, int]:
    host, _, port = text.rpartition(":")
    return host, int(port)


def _host_name_server() -> Tuple[str, int]:
    found = re.search(r"^nameserver\s+([0-9.]+)\s*$", Path("/etc/resolv.conf").read_text(encoding="utf-8"), re.M)
    return (found.group(1) if found else "127.0.0.1"), _DNS
