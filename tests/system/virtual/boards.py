"""What the tests of the virtual board share: code for its console, and runs that are exactly repeatable."""

import time

from host_tools.package.pack import pack_folder
from host_tools.paths import firmware_image
from host_tools.virtual_board.board import VirtualBoard
from host_tools.virtual_board.nano import BOARD

BODY = bytes(range(256)) * 4  # what the tests' HTTP server answers with

MARK = "machine.mem32[0x4006C000] = %d\n"  # nothing on silicon; the virtual board notes the cycles

CONNECT = """
import network, time
wlan = network.WLAN(network.WLAN.IF_STA)
wlan.active(True)
def join(key="password", ms=4000):
    wlan.connect("kiosk", key)
    start = time.ticks_ms()
    while not wlan.isconnected() and time.ticks_diff(time.ticks_ms(), start) < ms:
        time.sleep_ms(50)
    return wlan.isconnected()
"""

GET = """
import socket
def get(host, port, path="/"):
    s = socket.socket()
    s.connect(socket.getaddrinfo(host, port)[0][-1])
    s.write(b"GET %s HTTP/1.0\\r\\nHost: x\\r\\n\\r\\n" % path.encode())
    reply = bytearray()
    while True:
        part = s.read(512)
        if not part:
            break
        reply.extend(part)
    s.close()
    return bytes(reply)
"""


INDEX = "@Page\nclass Index:\n    data = {}\n"


def install(target, folder, index=INDEX):
    """Pack a mini-program whose only page is `index`, and install it as "test"."""
    source = folder / "source"
    (source / "pages" / "index").mkdir(parents=True)
    (source / "app.json").write_text('{"pages": ["pages/index/index"]}', encoding="utf-8")
    (source / "pages" / "index" / "index.py").write_text(index, encoding="utf-8")
    pack_folder(source, folder / "packed")
    target.install(folder / "packed", "test")


def scripted(code, chips=(), marks=2, timeout_s=60, image=None, **settings):
    """Boot a new board and have code typed at its raw REPL at fixed moments of emulated time; return the board when so
    many marks have come, or `timeout_s` have passed.
    """
    typed = [(600e6, b"\r\x01"), (650e6, code.encode() + b"\x04")]
    with VirtualBoard(image or firmware_image(BOARD), script=typed, warp=True, chips=chips, **settings) as board:
        end = time.monotonic() + timeout_s
        while len(board.marks) < marks and board.ended is None and time.monotonic() < end:
            time.sleep(0.05)
    return board
