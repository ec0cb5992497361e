"""Sounds over HTTP from a server that is not ours: the same samples as from the flash, however the server behaves."""

import ast
import hashlib
import time

import pytest

from tests.system.audio.conftest import NO_AAC
from tests.system.audio.peers import AAC_PLAIN, ffmpeg, played, ratio_db, run, tone
from tests.system.audio.soundserver import SoundServer

HELD_BYTES = 24 * 1024
MAKERS = {
    "x.wav": (),
    "ima.wav": ("-c:a", "adpcm_ima_wav"),
    "cbr.mp3": ("-b:a", "128k"),
    "vbr.mp3": ("-q:a", "3"),
    "x.aac": (*AAC_PLAIN, "-b:a", "96k"),
    "last.m4a": (*AAC_PLAIN, "-b:a", "96k"),
    "first.m4a": (*AAC_PLAIN, "-b:a", "96k", "-movflags", "+faststart"),
}
# Without a header of constant rate a place is only found in proportion.
EXACT = ("x.wav", "ima.wav", "cbr.mp3", "last.m4a", "first.m4a")


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """The files: twenty seconds each, so that the tables of an M4A do not fit into its windows."""
    path = tmp_path_factory.mktemp("sounds")
    wav = tone(path, 44100, 2, 20)
    for name, options in MAKERS.items():
        ffmpeg("-i", wav, *options, path / name)
    return path


@pytest.fixture
def server(folder):
    """A SoundServer of them."""
    server = SoundServer({name: (folder / name).read_bytes() for name in MAKERS})
    yield server
    server.close()


def _compare(server, folder, tmp_path, way, name, *places, bits=64, heap="4m"):
    here, whole = played(folder, name, *places, path=tmp_path)
    said, got = played(folder, f"{server.url}/{way}/{name}", *places, path=tmp_path, bits=bits, heap=heap)
    assert "error" not in said, said
    assert said["opened"][:2] == here["opened"][:2] and said["held_open"] == 0
    assert got[0] == whole[0], (len(got[0]), len(whole[0]))
    assert bits == 64 or said["held"] < HELD_BYTES, said["held"]
    return said, got[1:], whole[1:]


@pytest.mark.parametrize("name", MAKERS)
@pytest.mark.parametrize("way", ("ranges", "moved", "drip", "cut"))
def test_it_sounds_as_from_the_flash(server, folder, tmp_path, way, name):
    said, _, _ = _compare(server, folder, tmp_path, way, name)
    assert said["waits"] > 0
    if name not in ("vbr.mp3", "x.aac"):
        assert abs(said["opened"][2] - 20000) <= 50


@pytest.mark.parametrize("name", EXACT)
def test_a_place_is_found_by_a_range(server, folder, tmp_path, name):
    _, got, whole = _compare(server, folder, tmp_path, "ranges", name, 15000, 100, 10001)
    for ours, theirs in zip(got, whole):
        assert len(ours) == len(theirs) and ratio_db(theirs, ours) > 60
    starts = [int(wanted.split("-")[0]) for wanted in server.ranges() if wanted]
    size = len(server.files[name])
    assert any(0.7 * size < start < 0.8 * size for start in starts), starts


@pytest.mark.parametrize("name", ("vbr.mp3", "x.aac"))
def test_a_place_is_about_found_where_frames_differ(server, folder, tmp_path, name):
    said, got, whole = _compare(server, folder, tmp_path, "ranges", name, 15000)
    assert abs(said["opened"][2] - 20000) < (50 if name == "vbr.mp3" else 4000)
    assert abs(len(got[0]) - len(whole[0])) / 2 / 44100 < (0.3 if name == "vbr.mp3" else 4)


@pytest.mark.parametrize("name", ("cbr.mp3", "x.wav"))
def test_a_server_without_ranges_is_read_over(server, folder, tmp_path, name):
    _, got, whole = _compare(server, folder, tmp_path, "plain", name, 15000, 100)
    for ours, theirs in zip(got, whole):
        assert len(ours) == len(theirs) and ratio_db(theirs, ours) > 60


def test_a_server_that_tells_no_length(server, folder, tmp_path):
    said, (again, nothing), (whole, _) = _compare(server, folder, tmp_path, "chunked", "x.aac", 0, 5000)
    assert again == whole and not nothing  # it can begin again, as for a loop; other places are left alone
    assert said["opened"][2] is None and abs(said["ended"][0] - 20000) < 60
    said, _, _ = _compare(server, folder, tmp_path, "chunked", "x.wav")
    assert said["opened"][2] == 20000


def test_a_server_that_stops_is_an_error_of_the_network(server, folder, tmp_path):
    for way, name in (("dead", "cbr.mp3"), ("lie", "cbr.mp3"), ("dead", "last.m4a")):
        said, _ = played(folder, f"{server.url}/{way}/{name}", path=tmp_path)
        assert said["error"][0] == 10002 and said["error"][1], said
    said, _ = played(folder, f"{server.url}/ranges/none.mp3", path=tmp_path)
    assert said["error"] == [10002, "HTTP 404"]


def test_an_index_that_is_far_away_needs_ranges(server, folder, tmp_path):
    said, _ = played(folder, f"{server.url}/plain/last.m4a", path=tmp_path)
    assert said["error"][0] == 10002 and "parts" in said["error"][1], said


@pytest.mark.parametrize("name", MAKERS)
def test_a_boards_heap_is_enough(server, folder, tmp_path, name):
    _compare(server, folder, tmp_path, "ranges", name, bits=32, heap="190k")


def test_tags_of_any_size_are_passed_over(server, folder, tmp_path):
    plain = tmp_path / "plain.mp3"
    run("lame", "--quiet", "-b", "96", tone(tmp_path, 44100, 1), plain)
    size = 300_000
    tag = b"ID3\4\0\0" + bytes((size >> shift) & 127 for shift in (21, 14, 7, 0)) + bytes(size)
    (folder / "tagged.mp3").write_bytes(tag + plain.read_bytes())
    server.files["tagged.mp3"] = tag + plain.read_bytes()
    _compare(server, folder, tmp_path, "ranges", "tagged.mp3")
    assert server.ranges()[-1] == f"{size + 10}-"


LISTEN = """
import asyncio, hashlib
from kiosk.media import sources
ended = []
async def listen(src):
    try:
        reader = await sources.open_source(src)
        digest, view = hashlib.sha256(), memoryview(bytearray(2000))
        for _ in range(2):
            while True:
                count = reader.read_into(view)
                if count == 0:
                    break
                if count:
                    digest.update(view[:count])
                await asyncio.sleep_ms(0 if count else 2)
            reader.seek_ms(15000)
        reader.close()
        ended.append(digest.digest().hex())
    except Exception as exc:
        ended.append(repr(exc))
"""


def _listened(kiosk, src):
    kiosk.exec(f"ended.clear()\nasyncio.create_task(listen({src!r}))")
    deadline = time.monotonic() + 300
    while "[]" in (answer := kiosk.exec("print(ended)")):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return ast.literal_eval(answer)[0]


@pytest.mark.online
@pytest.mark.parametrize("name", ("cbr.mp3", pytest.param("last.m4a", marks=NO_AAC)))
def test_it_comes_over_https_from_nginx_whatever_the_domains(kiosk, nginx, folder, tmp_path, name):
    kiosk.put("/ca/test.der", nginx.der)
    assert kiosk.run()["errMsg"] == "launch:ok"  # a mini-program with no domains at all
    nginx.add(name, (folder / name).read_bytes())
    kiosk.exec(LISTEN)
    _, (whole, late) = played(folder, name, 15000, path=tmp_path)
    expected = hashlib.sha256(whole.tobytes() + late.tobytes()).hexdigest()
    assert _listened(kiosk, f"{nginx.tls_url}/files/{name}") == expected
    kiosk.exec("import os\nos.remove('/ca/test.der')")


def test_a_certificate_of_nobodys_is_an_error_of_the_network(kiosk, nginx):
    assert kiosk.run()["errMsg"] == "launch:ok"
    kiosk.exec(LISTEN)
    answer = _listened(kiosk, f"{nginx.tls_url}/files/hello.txt")
    assert "sound network" in answer and "ssl hand shake error" in answer, answer
