"""<live-player> where something is wrong: servers that refuse, stall, reset or talk nonsense; no speaker; pages that are left."""

import random

import pytest

from tests.system.live.conftest import picture
from tests.system.live.peers import NUMBERS, free_port

_HEAD = b"HTTP/1.1 200 OK\r\nContent-Type: multipart/x-mixed-replace; boundary=edge\r\n\r\n"


def part(data):
    """A picture as a part of such a message."""
    return b"--edge\r\nContent-Type: image/jpeg\r\nContent-Length: %d\r\n\r\n%s\r\n" % (len(data), data)


def over_http(server):
    """Its address for HTTP."""
    return server.url.replace("rtsp:", "http:")


def until_closed(connection):
    """Read until the kiosk hangs up."""
    while connection.recv(4096):
        pass


def test_nobody_listens(watch):
    it = watch(f"rtsp://127.0.0.1:{free_port()}/live", 'autoplay="{{true}}"')
    it.reaches(-2301)
    assert it.codes() == [3002, 2103] * 3 + [3002, -2301]
    assert it.call("pause")["errMsg"] == "operateLivePlayer:fail it has not been started"
    assert it.call("play")["errMsg"] == "operateLivePlayer:ok"


@pytest.mark.parametrize("url", ["ftp://127.0.0.1/", "rtsp://", "http:/x", "rtmp://127.0.0.1/"])
def test_a_bad_address(watch, url):
    it = watch(url, 'autoplay="{{true}}"')
    it.reaches(-2301)
    assert "invalid url" in [detail["message"] for kind, detail in it.app.log()][0] and 2001 not in it.codes()


def test_a_server_that_resets_is_tried_again_and_another_number_is_seen(watch, serve):
    def play(connection, number):
        connection.recv(4096)
        connection.sendall(_HEAD + part(picture(NUMBERS[number % 2])) + (b"--edge\r\nCont" if number == 1 else b""))
        if number > 1:
            until_closed(connection)

    it = watch(over_http(serve(play)), 'autoplay="{{true}}"')
    it.sees(NUMBERS[:1])
    codes = [code for code in it.codes() if code not in (2009, 2003, 2004)]
    assert codes[:6] == [2001, 2002, 2007, 3004, 2103, 2001]


def test_a_server_that_stalls_is_given_up(watch, serve):
    def play(connection, number):
        connection.recv(4096)
        connection.sendall(_HEAD + part(picture(NUMBERS[0])))
        until_closed(connection)

    it = watch(over_http(serve(play)), 'autoplay="{{true}}"')
    it.app.target.exec("from kiosk.live import player\nplayer.unsteady_ms, player.stall_ms = 500, 2000")
    it.reaches(2103)
    codes = it.codes()
    assert codes[codes.index(2104) :][:4] == [2104, 2007, 3005, 2103]
    assert it.call("stop")["errMsg"] == "operateLivePlayer:ok"


_WRONG = {
    "another protocol": (b"220 smtp ready\r\n", 3003),
    "nothing": (b"", 3003),
    "no such page": (b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n", 3003),
    "a page": (b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<p>", 2101),
    "a part of text": (_HEAD + b"--edge\r\nContent-Type: text/html\r\n\r\n<p>", 3005),
    "no parts": (_HEAD + bytes(3000), 3005),
}


@pytest.mark.parametrize("name", _WRONG)
def test_a_server_that_talks_nonsense(watch, serve, name):
    answer, code = _WRONG[name]

    def play(connection, number):
        connection.recv(4096)
        connection.sendall(answer)
        if answer:
            until_closed(connection)

    server = serve(play)
    it = watch(over_http(server), 'autoplay="{{true}}"')
    it.reaches(-2301)
    codes = [one if one != 3002 else 3003 for one in it.codes()]
    assert code in codes and server.count == (1 if code == 2101 else 4)
    assert it.call("play")["errMsg"] == "operateLivePlayer:ok"


def test_pictures_that_are_none_do_no_harm(watch, serve):
    random.seed(6)

    def play(connection, number):
        connection.recv(4096)
        good = bytearray(picture(NUMBERS[0]))
        connection.sendall(_HEAD + part(b"no JPEG") + part(bytes(40000)) + part(bytes(good[:700])))
        for _ in range(40):
            bad = bytearray(good)
            for _ in range(5):
                bad[random.randrange(len(bad))] = random.randrange(256)
            connection.sendall(part(bytes(bad)))
        for _ in range(200):
            connection.sendall(part(picture(NUMBERS[1])))
        until_closed(connection)

    it = watch(over_http(serve(play)), 'autoplay="{{true}}"')
    it.sees(NUMBERS[1:2])
    assert 2101 in it.codes() and 2103 not in it.codes()


def test_without_a_speaker_there_are_pictures(watch, serve):
    def play(connection, number):
        connection.recv(4096)
        connection.sendall(_HEAD + part(picture(NUMBERS[0])) * 2)
        until_closed(connection)

    it = watch(over_http(serve(play)), 'autoplay="{{true}}"', has_speaker=False)
    it.sees(NUMBERS[:1])
    assert 2102 not in it.codes()


def test_a_page_that_is_left_ends_its_stream_and_one_below_another_waits(watch, serve):
    ended = []

    def play(connection, number):
        connection.recv(4096)
        connection.sendall(_HEAD)
        try:
            while True:
                for each in NUMBERS:
                    connection.sendall(part(picture(each)))
        finally:
            ended.append(number)

    other = {"pages/other/other": "@Page\nclass Other:\n    data = {}\n"}
    it = watch(over_http(serve(play)), 'autoplay="{{true}}"', files=other)
    it.sees(NUMBERS)
    it.app.target.exec(
        "import wx\nfrom kiosk import router\nfirst = router.stack[0]\nwx.navigateTo(url='/pages/other/other')"
    )
    it.until(lambda: it.app.target.exec("print(len(router.stack))").strip() == "2")
    shown = "player = first._live_players[0].player\nprint(player._shown, player._inlet.picture_bytes)"
    before = it.app.target.exec(shown).split()
    it.until(lambda: int(it.app.target.exec(shown).split()[1]) > int(before[1]) + 20000)
    after = it.app.target.exec(shown).split()
    assert int(after[0]) <= int(before[0]) + 1
    it.app.target.exec("wx.navigateBack()")
    it.sees(NUMBERS)
    assert not ended
    it.app.target.exec("wx.exitMiniProgram()")
    it.until(lambda: ended == [1])
