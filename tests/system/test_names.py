"""Names on the way to a server: a DNS server of other people's making (dnslib), one that keeps silent, and none."""

import socket
import threading

import pytest
from dnslib import QTYPE, RCODE, RR
from dnslib.server import BaseResolver, DNSServer

pytestmark = pytest.mark.online

_ZONE = {
    "shop.test.": "shop.test. 60 IN CNAME www.shop.test.\nwww.shop.test. 60 IN A 127.0.0.1",
    "v6.test.": "v6.test. 60 IN AAAA ::1",
}


class _Names(BaseResolver):
    """Answers for shop.test with a CNAME and an address, for v6.test with an AAAA alone."""

    def __init__(self):
        self.asked = []
        self.address = ""

    def resolve(self, request, handler):
        """The reply to one question."""
        reply, name = request.reply(), str(request.q.qname)
        self.asked.append((name, request.q.qtype))
        for record in RR.fromZone(_ZONE.get(name, "")):
            if record.rtype in (request.q.qtype, QTYPE.CNAME):
                reply.add_answer(record)
        if name not in _ZONE:
            reply.header.rcode = RCODE.NXDOMAIN
        return reply


@pytest.fixture
def names():
    """A running name server; `asked` lists (name, type)."""
    resolver = _Names()
    server = DNSServer(resolver, address="127.0.0.1", port=0)
    server.start_thread()
    resolver.address = "127.0.0.1:%d" % server.server.server_address[1]
    yield resolver
    server.stop()
    server.server.server_close()


def test_a_name_is_looked_up_once(make_kiosk, names, httpbin):
    kiosk = make_kiosk(name_server=names.address)
    kiosk.run(urlCheck=False)
    for _ in range(2):
        result = kiosk.call("request", {"url": f"http://shop.test:{httpbin.port}/get"})
        assert result["data"]["headers"]["Host"] == f"shop.test:{httpbin.port}"
    assert names.asked == [("shop.test.", 1)]


@pytest.mark.emulator("the Wi-Fi chip of a board has no IPv6")
def test_a_name_with_only_an_ipv6_address(make_kiosk, names):
    kiosk = make_kiosk(name_server=names.address)
    kiosk.run(urlCheck=False)
    with socket.create_server(("::1", 0), family=socket.AF_INET6) as listener:
        threading.Thread(target=_answer_once, args=(listener,), daemon=True).start()
        url = f"http://v6.test:{listener.getsockname()[1]}/"
        assert kiosk.call("request", {"url": url})["data"] == "six"
    assert names.asked == [("v6.test.", 1), ("v6.test.", 28)]


def _answer_once(listener):
    connection, _ = listener.accept()
    with connection:
        connection.recv(4096)
        connection.sendall(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nsix")


def test_a_name_that_does_not_exist(make_kiosk, names):
    kiosk = make_kiosk(name_server=names.address)
    kiosk.run(urlCheck=False)
    result = kiosk.call("request", {"url": "http://no.such.test/"})
    assert (result["errMsg"], result["errno"]) == ("request:fail net::ERR_NAME_NOT_RESOLVED", 600001)


def test_a_silent_name_server_holds_up_the_request_alone(make_kiosk):
    ticker = """
        @Page
        class Index:
            data = {"ticks": 0}
            def onLoad(self, query):
                setInterval(lambda: self.setData({"ticks": self.data["ticks"] + 1}), 10)
        """
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as silent:
        silent.bind(("127.0.0.1", 0))
        kiosk = make_kiosk(name_server="127.0.0.1:%d" % silent.getsockname()[1])
        kiosk.run({"pages/index/index.py": ticker}, urlCheck=False)
        result = kiosk.call("request", {"url": "http://shop.test/", "timeout": 700})
        assert (result["errMsg"], result["errno"]) == ("request:fail timeout", 5)
        assert kiosk.pages()[0]["data"]["ticks"] > 20
