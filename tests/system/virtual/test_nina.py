"""The board's Wi-Fi: MicroPython's own NINA driver against the model of the chip, whose sockets are the host's."""

import socket
import struct
import threading

import pytest

from host_tools.models.nina import Network, Nina
from host_tools.models.sockets import HostSockets
from host_tools.target import open_target
from host_tools.virtual_board.nano import nina_wiring
from tests.system.virtual.boards import BODY, CONNECT, GET, MARK, install, scripted


def test_the_chip_answers_its_version_and_what_is_in_the_air(virtual):
    virtual.exec(CONNECT)
    assert virtual.exec("print(wlan.config('fw_version'))").strip() == "(1, 5, 0)"
    virtual.nina.networks.append(Network("next door", rssi=-80, channel=11))
    found = virtual.exec("print([(n[0], n[2], n[3]) for n in wlan.scan()])").strip()
    assert found == "[(b'kiosk', 6, -55), (b'next door', 11, -80)]"


def test_a_socket_reaches_a_server_of_the_host(online, body_server):
    online.exec(GET)
    online.exec(f"reply = get('127.0.0.1', {body_server})")
    assert online.exec("print(reply.startswith(b'HTTP/1.1 200 '), len(reply))").startswith("True")
    assert online.exec("import binascii; print(binascii.hexlify(reply[-1024:]).decode())").strip() == BODY.hex()


@pytest.fixture
def program(online, tmp_path):
    """A mini-program that may ask any server, running."""
    install(online, tmp_path)
    assert online.launch("test", urlCheck=False)["errMsg"] == "launch:ok"
    yield online
    online.stop()


def test_a_mini_programs_request_goes_over_the_chip(program, body_server):
    program.nina.commands.clear()
    answer = program.call("request", {"url": f"http://127.0.0.1:{body_server}/body", "dataType": "text"})
    assert (answer["errMsg"], answer["statusCode"]) == ("request:ok", 200)
    assert answer["header"]["Content-Length"] == str(len(BODY))
    assert program.nina.commands[0x76] == 1  # SOCKET_CONNECT: there is no other way out


def test_a_port_where_nobody_listens(online):
    online.exec(GET)
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        port = unused.getsockname()[1]
        code = f"try:\n    get('127.0.0.1', {port})\nexcept OSError as error:\n    print(error)"
        assert online.exec(code).strip() == "[Errno 111] ECONNREFUSED"


def test_names_go_to_the_hosts_resolver(online):
    assert "('127.0.0.1', 80)" in online.exec("import socket; print(socket.getaddrinfo('localhost', 80))")
    online.nina.sockets.hosts["kiosk.test"] = "127.0.0.7"
    assert "('127.0.0.7', 443)" in online.exec("print(socket.getaddrinfo('kiosk.test', 443))")


@pytest.fixture
def echo():
    """A datagram server of the host that answers in capitals; yields its address."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as peer:
        peer.bind(("127.0.0.1", 0))
        peer.settimeout(20)

        def answer():
            data, address = peer.recvfrom(99)
            peer.sendto(data.upper(), address)

        thread = threading.Thread(target=answer)
        thread.start()
        yield peer.getsockname()
        thread.join()


SEND = """
import socket
s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
s.sendto(b"hello", %r)
print(s.recvfrom(99))
s.close()
"""


def test_datagrams_go_both_ways(online, echo):
    assert online.exec(SEND % (echo,)).startswith("(b'HELLO', ('127.0.0.1', ")


def test_the_gateway_asks_the_hosts_name_server(online, echo, monkeypatch):
    monkeypatch.setattr(online.nina.sockets, "name_server", echo)
    assert online.exec(SEND % (("10.0.0.1", 53),)).startswith("(b'HELLO', ")


def test_the_host_calls_a_server_on_the_board(online):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    online.exec(
        f"import socket\ns = socket.socket()\ns.bind(('0.0.0.0', {port}))\ns.listen(1)\ns.settimeout(10)",
    )
    with socket.create_connection(("127.0.0.1", port), timeout=10) as caller:
        caller.sendall(b"ping")
        assert (
            online.exec("c, _ = s.accept()\nprint(c.recv(4))\nc.write(b'pong')\nc.close()\ns.close()").strip()
            == "b'ping'"
        )
        assert caller.recv(4) == b"pong"


def test_a_wrong_password_does_not_connect(online):
    online.exec("wlan.disconnect()")
    assert online.exec("print(join('wrong', 2500))").strip() == "False"
    assert online.exec("print(join())").strip() == "True"


def test_a_lost_network_is_noticed_and_its_connections_die(online, body_server):
    online.exec(f"import socket\ns = socket.socket()\ns.connect(('127.0.0.1', {body_server}))")
    networks = list(online.nina.networks)
    online.nina.drop()
    assert online.exec("print(wlan.isconnected())").strip() == "False"
    dead = online.exec("try:\n    s.write(b'x')\n    print('sent')\nexcept OSError as error:\n    print('dead')")
    assert dead.strip() == "dead"
    online.nina.networks[:] = networks
    assert online.exec("print(join())").strip() == "True"


def test_a_stalled_chip_holds_the_board_up_for_as_long(online):
    code = "import time\nt = time.ticks_ms()\nwlan.isconnected()\nwlan.isconnected()\nprint(time.ticks_diff(time.ticks_ms(), t))"
    assert int(online.exec(code)) < 50
    online.nina.stall(600)
    assert 600 <= int(online.exec(code)) < 700


def test_a_chip_that_restarts_is_started_anew_by_its_driver(online):
    """nina-fw takes the transaction after a lost command for the next command; only its reset line gets it in step."""
    online.nina.reset()
    assert online.exec("print(wlan.isconnected())").strip() == "False"
    online.exec("wlan.active(False)\nwlan.active(True)")
    assert online.exec("print(join())").strip() == "True"


def test_a_chip_that_answers_garbage_is_an_error_and_no_hang(online):
    online.nina.broken = True
    try:
        assert online.exec("print(wlan.isconnected())").strip() == "False"
    finally:
        online.nina.broken = False
    assert online.exec("print(wlan.isconnected())").strip() == "True"


class _Peer:
    """A TCP server of the host that treats one caller with `behave(socket)`."""

    def __init__(self, behave):
        self._listener = socket.socket()
        self._listener.bind(("127.0.0.1", 0))
        self._listener.listen(16)
        self._listener.settimeout(60)
        self.address = self._listener.getsockname()
        self._behave = behave
        self._thread = threading.Thread(target=self._run, daemon=True)
        self._thread.start()

    def _run(self):
        with self._listener, self._listener.accept()[0] as caller:
            caller.settimeout(60)
            self._behave(caller)

    def done(self):
        self._thread.join(60)
        assert not self._thread.is_alive()


_OPEN = "import socket\ns = socket.socket()\ns.connect(%r)\n"


def test_a_peer_that_closes_ends_the_stream(online):
    peer = _Peer(lambda caller: caller.sendall(b"bye"))
    online.exec(_OPEN % (peer.address,))
    assert online.exec("print(s.recv(99), s.recv(99))\ns.close()").strip() == "b'bye' b''"
    peer.done()


def test_a_peer_that_resets_the_connection_is_an_error(online):
    def reset(caller):
        caller.recv(1)
        caller.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

    peer = _Peer(reset)
    online.exec(_OPEN % (peer.address,) + "s.write(b'x')")
    peer.done()
    code = "try:\n    print(s.recv(9))\nexcept OSError as error:\n    print(error)\ns.close()"
    assert online.exec(code).strip() == "[Errno 104] ECONNRESET"


def test_a_peer_that_has_said_all_still_listens(online):
    heard = []

    def half_close(caller):
        caller.sendall(b"all")
        caller.shutdown(socket.SHUT_WR)
        heard.append(caller.recv(99))

    peer = _Peer(half_close)
    online.exec(_OPEN % (peer.address,))
    assert online.exec("print(s.recv(99), s.recv(99))\ns.write(b'thanks')").strip() == "b'all' b''"
    peer.done()
    online.exec("s.close()")
    assert heard == [b"thanks"]


_MANY = """
import gc, socket
gc.collect()
def another():
    s = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    s.connect(("127.0.0.1", 9))  # the driver takes a socket of the chip's with the first use
    return s
many = [another() for _ in range(10)]
try:
    another()
except OSError as error:
    print("error", error.errno)
many.pop().close()
many.append(another())
for each in many:
    each.close()
print("closed")
"""


def test_ten_sockets_and_no_more(online):
    assert online.exec(_MANY).split() == ["error", "23", "closed"]  # ENFILE


_ECHO = """
import hashlib
sent, received, count = hashlib.sha256(), hashlib.sha256(), 0
for start in range(0, 65536, 1024):
    piece = bytes((start // 256 + n * 7 + n // 256) & 255 for n in range(1024))
    sent.update(piece)
    s.write(piece)
    while count <= start:
        got = s.recv(1024)
        received.update(got)
        count += len(got)
while count < 65536:
    got = s.recv(1024)
    received.update(got)
    count += len(got)
s.close()
print(count, sent.digest() == received.digest())
"""


def test_64_kb_each_way_over_a_narrow_line(online, monkeypatch):
    monkeypatch.setattr(online.nina.sockets, "bandwidth_kb", 20)

    def echo(caller):
        while True:
            data = caller.recv(4096)
            if not data:
                return
            caller.sendall(data)

    peer = _Peer(echo)
    start = "import time\nbegan = time.ticks_ms()\n" + _OPEN % (peer.address,)
    took = "print(time.ticks_diff(time.ticks_ms(), began))"
    echoed, took_ms = online.exec(start + _ECHO + took, timeout_s=240).split("\n")[:2]
    assert echoed.strip() == "65536 True"
    assert int(took_ms) >= 6400  # 128 KB at 20 KB a second
    peer.done()


def test_more_room_than_the_chip_fills_at_once(tmp_path):
    """64 KB: the driver's own passes on none of these 65,536 bytes, and takes the answer for the end."""
    # A board of its own, in whose memory there is one piece that large.
    path = tmp_path / "output"
    with open(path, "w", encoding="utf-8") as output, open_target("virtual", output=output, warp=True) as board:
        board.exec(CONNECT)
        assert board.exec("print(wlan.isconnected() or join())").strip() == "True"
        _exchange_64_kb(board)


def _exchange_64_kb(online):
    heard = []

    def answer(caller):
        while sum(map(len, heard)) < 65536:
            heard.append(caller.recv(65536))
        caller.sendall(b"".join(heard))

    peer = _Peer(answer)
    code = """
import gc, hashlib
gc.collect()
data = bytearray(65536)
for at in range(0, 65536, 4):
    data[at : at + 4] = at.to_bytes(4, "little")
sent = hashlib.sha256(data).digest()
rest = memoryview(data)
while rest:
    rest = rest[s.send(rest):]
    gc.collect()
for at in range(65536):
    data[at] = 0
"""
    online.exec(_OPEN % (peer.address,) + code, timeout_s=60)
    code = "print(s.readinto(data), hashlib.sha256(data).digest() == sent)\ns.close()\ndel data"
    assert online.exec(code, timeout_s=60).split() == ["65536", "True"]
    peer.done()
    assert b"".join(heard) == b"".join(at.to_bytes(4, "little") for at in range(0, 65536, 4))


def test_the_same_exchange_takes_the_same_cycles(body_server):
    code = CONNECT + GET + "import machine\njoin()\n" + MARK % 1 + f"get('127.0.0.1', {body_server})\n" + MARK % 2

    def run():
        chips = [nina_wiring(Nina(sockets=HostSockets(hosts={"x": "127.0.0.1"})))]
        return scripted(code, chips=chips)

    first, second = run(), run()
    assert [mark.value for mark in first.marks] == [1, 2], first.printed
    assert first.marks == second.marks
