"""A request that is aborted, runs out of time or loses its mini-program, at each stage of its life, with real sockets."""

import contextlib
import os
import socket
import threading
import time

import pytest

pytestmark = pytest.mark.online

_PAGE = """
import wx

@Page
class Index:
    def onLoad(self, query):
        count = int(query["count"])
        for number in range(count):
            task = wx.request(url=query["url"], method="POST", data="x" * 3000, timeout=int(query["timeout"]),
                complete=lambda res: print(res.errMsg, res.errno))
            if query["abort"] == "1":
                setTimeout(task.abort, 150)
"""


def _serve(listener, replies, connections):
    # To each connection its reply, and then silence.
    for reply in replies:
        try:
            connection, _ = listener.accept()
        except OSError:
            return  # the test is over
        connections.append(connection)
        with contextlib.suppress(OSError):  # the client may have gone already
            connection.recv(65536)
            connection.sendall(reply)


@contextlib.contextmanager
def _stalling(*replies):
    connections = []
    with socket.create_server(("127.0.0.1", 0)) as listener:
        thread = threading.Thread(target=_serve, args=(listener, replies, connections), daemon=True)
        thread.start()
        try:
            yield listener.getsockname()[1]
        finally:
            # A thread that waits in accept() or recv() is not woken by close(), and the number of the descriptor that it
            # waits for may soon be another test's.
            for waited_for in (listener, *connections):
                with contextlib.suppress(OSError):
                    waited_for.shutdown(socket.SHUT_RDWR)
            thread.join(5)
            for connection in connections:
                connection.close()


@contextlib.contextmanager
def _deaf():
    # A server whose queue is full: the system answers no further SYN.
    with socket.create_server(("127.0.0.1", 0), backlog=0) as listener, contextlib.ExitStack() as stack:
        for _ in range(4):
            client = stack.enter_context(socket.socket())
            client.setblocking(False)
            client.connect_ex(listener.getsockname())
        yield listener.getsockname()[1]


@contextlib.contextmanager
def _silent_name_server():
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        yield "127.0.0.1:%d" % silent.getsockname()[1]


@contextlib.contextmanager
def _stage(name):
    """The URL of a server at which a request gets just so far."""
    head = b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\n"
    if name == "connect":
        with _deaf() as port:
            yield f"http://127.0.0.1:{port}/"
    elif name == "handshake":
        with _stalling(*[b""] * 40) as port:
            yield f"https://127.0.0.1:{port}/"
    elif name == "redirect":
        with _stalling(*[b""] * 40) as last:
            moved = (
                b"HTTP/1.1 302 X\r\nContent-Length: 0\r\nConnection: close\r\nLocation: http://127.0.0.1:%d/\r\n\r\n"
                % last
            )
            with _stalling(*[moved] * 40) as port:
                yield f"http://127.0.0.1:{port}/"
    else:
        reply = {"answer": b"", "head": head, "body": head + b"\r\nhalf", "name": b""}[name]
        with _stalling(*[reply] * 40) as port:
            yield f"http://{'shop.test' if name == 'name' else '127.0.0.1'}:{port}/"


def _descriptors(kiosk):
    return len(os.listdir(f"/proc/{kiosk.process.pid}/fd"))


def _until(condition, what):
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, what()
        time.sleep(0.02)


@pytest.mark.parametrize("stage", ["name", "connect", "handshake", "answer", "head", "body", "redirect", "queue"])
def test_it_ends_once_and_leaves_nothing(make_kiosk, authority, request, stage):
    if request.config.getoption("--target") != "unix":
        pytest.skip("descriptors are counted from outside, which only the emulator's process allows")
    with _silent_name_server() as name_server, _stage("answer" if stage == "queue" else stage) as url:
        kiosk = make_kiosk(name_server=name_server)
        kiosk.put("/ca/test.der", authority.der)
        kiosk.program({"pages/index/index.py": _PAGE})
        before = _descriptors(kiosk)
        count = 13 if stage == "queue" else 1  # ten run, three wait for them
        for abort, timeout, end in ((1, 60000, "abort 104"), (0, 150, "timeout 5"), (0, 60000, None)):
            already = kiosk.output
            query = f"url={url}&abort={abort}&timeout={timeout}&count={count}"
            assert kiosk.launch("test", query=query, urlCheck=False) == {"errMsg": "launch:ok"}
            expected = f"request:fail {end}\n" * count if end else ""
            _until(lambda start=already, ends=expected: kiosk.output[len(start) :] == ends, lambda: kiosk.output)
            if not end:
                kiosk.wait(150)  # it gets as far as it can
            else:
                _until(lambda: _descriptors(kiosk) == before, lambda: _descriptors(kiosk))
            kiosk.stop()
            assert kiosk.output[len(already) :] == expected
            _until(lambda: _descriptors(kiosk) == before, lambda: _descriptors(kiosk))
        assert kiosk.errors == ""
