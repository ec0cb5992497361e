"""<live-pusher> where something is wrong: permissions, cameras, servers that refuse, stall or reset; and what it shows meanwhile."""

import io
import random
import socket
import threading

import pytest
from PIL import Image

from tests.system.audio.test_sound import tone
from tests.system.components.conftest import near
from tests.system.live.conftest import number_of, picture
from tests.system.live.peers import free_port


def agree(connection):
    """Say yes to all up to RECORD."""
    held = b""
    while True:
        data = connection.recv(4096)
        if not data:
            return False
        held += data
        while b"\r\n\r\n" in held:
            head, _, rest = held.partition(b"\r\n\r\n")
            lines = head.decode().split("\r\n")
            fields = dict(line.split(": ", 1) for line in lines[1:])
            size = int(fields.get("Content-Length", 0))
            if len(rest) < size:
                break
            held = rest[size:]
            transport = f"Transport: {fields['Transport']}\r\n" if "Transport" in fields else ""
            connection.sendall(f"RTSP/1.0 200 OK\r\nCSeq: {fields['CSeq']}\r\nSession: s\r\n{transport}\r\n".encode())
            if lines[0].startswith("RECORD"):
                return True


def test_nobody_listens(stage):
    it = stage(f"rtsp://127.0.0.1:{free_port()}/live")
    it.call("start")
    it.reaches(-1307)
    codes = [code for code in it.codes() if code != 1007]
    assert codes == [1003] + [3002, 1102] * 3 + [3002, -1307]
    it.until(lambda: it.app.target.exec("print(lens.made[-1][1].is_open)").strip() == "False")
    assert it.call("pause")["errMsg"] == "operateLivePusher:fail it has not been started"
    assert it.call("start")["errMsg"] == "operateLivePusher:ok"


def test_a_server_that_resets_is_tried_again_and_the_stream_goes_on(stage, serve):
    def play(connection, number):
        if number == 1:
            agree(connection)
            connection.recv(1000)
        elif agree(connection):
            while connection.recv(65536):
                pass

    server = serve(play)
    it = stage(server.url)
    it.call("start")
    it.reaches(1002, 2)
    codes = [code for code in it.codes() if code not in (1003, 1007)]
    assert codes[:2] == [1001, 1002] and codes[2] in (3004, 3005) and codes[3:6] == [1102, 1001, 1002]
    assert it.call("stop")["errMsg"] == "operateLivePusher:ok"


def test_a_server_that_talks_nonsense(stage, serve):
    server = serve(lambda connection, number: connection.sendall(b"220 smtp ready\r\n" * number))
    it = stage(server.url)
    it.call("start")
    it.reaches(-1307)
    assert 3003 in it.codes() and server.count == 4


def test_a_server_that_stalls_gets_fewer_pictures_and_blocks_nothing(stage, serve):
    """It reads nothing: pictures are left out (1101), the camera goes on, and in the end the server counts as lost."""
    stop = threading.Event()

    def play(connection, number):
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        agree(connection)
        stop.wait(60)

    server = serve(play)
    file = io.BytesIO()  # noise: some 60 KB, so that what the system holds for a connection is soon full
    Image.frombytes("RGB", (320, 240), random.Random(1).randbytes(3 * 320 * 240)).save(file, "JPEG", quality=80)
    big = [file.getvalue()]
    it = stage(server.url, 'enable-mic="{{false}}"', pictures=big, frame_ms=1)
    it.app.target.exec("from kiosk.live import outgoing\noutgoing.stall_ms = 3000")
    it.call("start")
    it.reaches(1101)
    begun = int(it.app.target.exec("print(lens.made[-1][1].begun)"))
    it.until(lambda: int(it.app.target.exec("print(lens.made[-1][1].begun)")) > begun + 3)
    it.reaches(3005)
    stop.set()
    assert it.call("stop")["errMsg"] == "operateLivePusher:ok"


@pytest.mark.parametrize("allow,code,error", [(("record",), -1301, 10001), (("camera",), -1302, 10002)])
def test_permission_refused(stage, serve, allow, code, error):
    server = serve(lambda connection, number: None)
    it = stage(server.url, allow=allow)
    it.call("start")
    it.reaches(code)
    it.until(lambda: ["error", {"errCode": error, "errMsg": "auth deny"}] in it.app.log())
    assert server.count == 0


def test_autopush_and_a_bad_address(stage):
    it = stage("http://127.0.0.1/", 'autopush="{{true}}"')
    it.until(lambda: any(kind == "error" and "invalid url" in detail["errMsg"] for kind, detail in it.app.log()))
    assert it.codes() == [] and it.call("start")["errMsg"].startswith("operateLivePusher:fail invalid url")


def test_a_camera_that_fails_ends_it_and_works_again(stage, serve):
    def play(connection, number):
        if agree(connection):
            while connection.recv(65536):
                pass

    server = serve(play)
    it = stage(server.url)
    it.call("start")
    it.reaches(1007)
    it.app.target.exec("lens.made[-1][1].faults = ['no end'] * 3")
    it.reaches(-1301)
    assert it.call("pause")["errMsg"] == "operateLivePusher:fail it has not been started"
    before = it.codes().count(1002)
    it.call("start")
    it.reaches(1002, before + 1)


def test_what_the_camera_sees_is_in_the_box_and_in_a_snapshot(stage, serve):
    def play(connection, number):
        if agree(connection):
            while connection.recv(65536):
                pass

    server = serve(play)
    it = stage(server.url, 'style="width:160px;height:120px"', said=tone(100), pictures=[picture(0b10100101)])
    it.call("start")
    # The highest bar is white, the lowest, too; between them black.
    it.until(
        lambda: (
            near(it.app.image().getpixel((150, 45)), (255, 255, 255))
            and near(it.app.image().getpixel((30, 45)), (0, 0, 0))
        )
    )
    result = it.call("snapshot")
    assert result["errMsg"] == "operateLivePusher:ok" and (result["width"], result["height"]) == (320, 240)
    path = it.app.target.exec(
        f"from kiosk import files\nprint(files.current().readable({result['tempImagePath']!r}))"
    ).strip()
    assert it.app.target.get(path) == picture(0b10100101)
    assert number_of(picture_gray(it.app.image())) == 0b10100101
    it.call("stop")
    it.until(lambda: near(it.app.image().getpixel((150, 45)), (0, 0, 0)))


def picture_gray(image):
    """The box as 8-bit gray."""
    return image.convert("L").crop((0, 0, 160, 120)).tobytes()
