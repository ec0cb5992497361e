"""A GET of 1 KB over the emulated board's Wi-Fi chip

The same bytes by a bare blocking socket, by wx.request and by micropython-lib's `requests`, in one image, each on a
board of its own and exact: the server's answer is due a round trip after the request.  The server closes, as `requests`
asks it to.  Each is run once before it is measured, so that nothing is loaded any more.
"""

import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Tuple

from host_tools.models.nina import Nina
from host_tools.virtual_board.nano import nina_wiring
from tests.bench.board import CYCLES_A_MS, cycles_text, run_script
from tests.bench.table import Row
from tests.system.virtual.boards import BODY, CONNECT

_BARE = """
import socket
def get(host, port):
    s = socket.socket()
    s.connect(socket.getaddrinfo(host, port)[0][-1])
    s.write(b"GET / HTTP/1.1\\r\\nHost: %s:%d\\r\\nUser-Agent: mpkiosk\\r\\nContent-Type: application/json\\r\\n\\r\\n" % (host, port))
    reply = s.recv(2048)
    while len(reply) < 1024 + reply.find(b"\\r\\n\\r\\n") + 4:
        reply += s.recv(2048)
    s.close()
    return reply[-1024:]
"""
_REQUESTS = """
from requests import requests
def get(host, port):
    response = requests.get("http://%s:%d/" % (host, port))
    return response.content
"""
_KIOSK = """
import kiosk, wx
from kiosk import app
app.current = app.MiniProgram("/", {}, {"appid": "bench", "urlCheck": False}, {})
async def get(host, port):
    return (await wx.request(url="http://%s:%d/" % (host, port), responseType="arraybuffer")).data
"""
_SERVER = ("127.0.0.1", 8137)  # the port is in the bytes, and they are counted
_MEASURE = """
get{0}
machine.mem32[0x4006C000] = 1
body = get{0}
machine.mem32[0x4006C000] = 2
assert body == bytes(range(256)) * 4
""".format(_SERVER)
_MEASURE_KIOSK = """
async def measure():
    await get{0}
    machine.mem32[0x4006C000] = 1
    body = await get{0}
    machine.mem32[0x4006C000] = 2
    assert body == bytes(range(256)) * 4
kiosk.run(measure())
""".format(_SERVER)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        self.send_response_only(200)
        self.send_header("Content-Length", str(len(BODY)))
        self.send_header("Connection", "close")
        self.end_headers()
        self.wfile.write(BODY)

    def log_message(self, *_):
        """Nobody reads it."""


def rows(_scratch: Path):
    """The figures of this bench."""
    server = ThreadingHTTPServer(_SERVER, _Handler)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    bare, bare_commands = _measure(_BARE + _MEASURE)
    kiosk, kiosk_commands = _measure(_KIOSK + _MEASURE_KIOSK)
    requests, requests_commands = _measure(_REQUESTS + _MEASURE)
    server.shutdown()
    server.server_close()
    took = f"{cycles_text(kiosk)}, {kiosk_commands} commands to the chip; "
    yield Row("emulated RP2040: GET of 1 KB by wx.request, cycles against a bare socket's", kiosk / bare, "times", 1.3,
              peer=f"{took}bare socket: {cycles_text(bare)}, {bare_commands} commands")  # fmt: skip
    yield Row("emulated RP2040: GET of 1 KB by wx.request, cycles against `requests`", kiosk / requests, "times", 1,
              peer=f"requests: {cycles_text(requests)}, {requests_commands} commands")  # fmt: skip


def _measure(code: str) -> Tuple[int, int]:
    """Cycles between the marks 1 and 2, and the commands to the chip in that time."""
    nina = Nina()
    commands = []  # the cycle of each
    answer = nina._answer

    def counted(mosi: bytes) -> bytes:
        commands.append(nina.wires.now_ns())
        return answer(mosi)

    nina._answer = counted
    script = CONNECT + "import machine\njoin()\n" + code
    start, end = run_script(script, 2, chips=[nina_wiring(nina)]).marks
    first, last = (mark.cycles / CYCLES_A_MS * 1e6 for mark in (start, end))
    return end.cycles - start.cycles, sum(first <= at <= last for at in commands)
