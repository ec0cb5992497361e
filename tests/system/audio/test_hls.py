"""HLS playlists as ffmpeg cuts them, from a server: what is heard, what is found, and what is refused."""

import pytest

from tests.system.audio.peers import AAC_PLAIN, ffmpeg, heard_by_ffmpeg, played, ratio_db, tone
from tests.system.audio.soundserver import SoundServer

KINDS = {
    "ts": (*AAC_PLAIN, "-f", "hls", "-hls_list_size", "0", "-hls_time", "2"),
    "aac": (*AAC_PLAIN, "-f", "segment", "-segment_time", "2", "-segment_format", "adts"),
    "mp3": ("-c:a", "libmp3lame", "-f", "segment", "-segment_time", "2", "-segment_format", "mp3"),
    "mp3ts": ("-c:a", "libmp3lame", "-f", "hls", "-hls_list_size", "0", "-hls_time", "2"),
}
FRAME_MS = 27


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """Playlists KIND.m3u8 of twelve seconds, in segments of two."""
    path = tmp_path_factory.mktemp("hls")
    wav = tone(path, 44100, 2, 12)
    for kind, options in KINDS.items():
        playlist = path / f"{kind}.m3u8"
        options = (*options, "-hls_segment_filename", path / f"{kind}%d.ts") if "hls" in options else options
        target = playlist if "hls" in options else path / f"{kind}%d.{kind}"
        listing = () if "hls" in options else ("-segment_list", playlist)
        ffmpeg("-i", wav, "-b:a", "96k", *options, *listing, target)
    return path


@pytest.fixture
def server(folder):
    """A SoundServer of them."""
    server = SoundServer({path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()})
    yield server
    server.close()


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("way", ("ranges", "chunked", "cut"))
def test_a_finished_playlist_is_heard_whole(server, folder, tmp_path, kind, way):
    said, (ours, late, early) = played(folder, f"{server.url}/{way}/{kind}.m3u8", 7300, 100, path=tmp_path)
    assert said["opened"][:2] == [44100, 2] and said["held_open"] == 0
    seconds = len(ours) / 2 / 44100
    assert 11.95 < seconds < 12.1
    assert abs(said["opened"][2] - 12000) <= 50  # what the playlist says
    if "mp3" not in kind:
        theirs = heard_by_ffmpeg(folder / f"{kind}.m3u8")
        assert ratio_db(theirs[2 * 1024 :], ours) > 55
    # A segment begins on a frame, its time in the playlist does not quite.
    assert abs(len(late) / 2 / 44100 - (seconds - 7.3)) * 1000 < 2 * FRAME_MS
    assert abs(len(early) / 2 / 44100 - (seconds - 0.1)) * 1000 < 2 * FRAME_MS
    assert ratio_db(ours[-44100:], late[-44100:]) > 55


def test_only_the_segments_that_are_wanted_are_asked_for(server, folder, tmp_path):
    played(folder, f"{server.url}/ranges/aac.m3u8", 9000, path=tmp_path)
    names = [head.split(" ")[1].rpartition("/")[2] for head in server.asked]
    later = names[len(names) - names[::-1].index("aac0.aac") :]
    assert [name for name in later if name.endswith(".aac") and name[3] in "123"] == [
        "aac1.aac",
        "aac2.aac",
        "aac3.aac",
    ]
    assert later.count("aac4.aac") == 2 and later.count("aac5.aac") == 2


def test_the_lowest_variant_or_the_sound_alone_is_taken(server, folder, tmp_path):
    variants = b'#EXT-X-STREAM-INF:BANDWIDTH=%d,CODECS="mp4a.40.2,avc1"\n%s\n'
    high, low = variants % (900000, b"none.m3u8"), variants % (90000, b"/ranges/ts.m3u8")
    alone = b'#EXT-X-MEDIA:TYPE=AUDIO,GROUP-ID="a,b",NAME="n",URI="ts.m3u8"\n'
    for master in (high + low, low + high, variants % (1, b"none.m3u8") + alone, alone + variants % (1, b"none.m3u8")):
        server.files["master.m3u8"] = b"#EXTM3U\r\n\r\n" + master
        said, (ours,) = played(folder, f"{server.url}/ranges/master.m3u8", path=tmp_path)
        assert 11.95 < len(ours) / 2 / 44100 < 12.1, said


class Live:
    """A playlist that moves on by one segment each time it is asked for; the last ones end it."""

    def __init__(self, count, ends=True):
        self.first, self._count, self._ends = 0, count, ends

    def __call__(self):
        lines = ["#EXTM3U", "#EXT-X-TARGETDURATION:1", f"#EXT-X-MEDIA-SEQUENCE:{self.first}"]
        for number in range(self.first, min(self.first + 4, self._count)):
            lines += ["#EXTINF:2.0,live", f"ts{number}.ts"]
        if self.first + 4 >= self._count and self._ends:
            lines.append("#EXT-X-ENDLIST")
        self.first += 1
        return "\n".join(lines).encode()


def test_a_live_playlist_is_followed(server, folder, tmp_path):
    server.files["live.m3u8"] = Live(6)
    said, (ours,) = played(folder, f"{server.url}/ranges/live.m3u8", path=tmp_path)
    assert said["opened"][2] is None
    names = [head.split(" ")[1].rpartition("/")[2] for head in server.asked]
    # The first answer went to whoever looked what it was; of the second, segments 1 to 4, three are played.
    assert [name for name in names if name.endswith(".ts")] == ["ts2.ts", "ts3.ts", "ts4.ts", "ts5.ts"]
    assert 7.8 < len(ours) / 2 / 44100 < 8.2


def test_a_live_playlist_that_stands_still_is_an_error(server, folder, tmp_path):
    live = Live(4, ends=False)
    server.files["live.m3u8"] = lambda: (setattr(live, "first", 0), live())[1]
    said, _ = played(folder, f"{server.url}/ranges/live.m3u8", path=tmp_path)
    assert said["error"][0] == 10002 and "nothing new" in said["error"][1], said


def test_a_segment_of_a_live_one_may_be_gone(server, folder, tmp_path):
    server.files["live.m3u8"] = Live(6)
    del server.files["ts3.ts"]
    said, (ours,) = played(folder, f"{server.url}/ranges/live.m3u8", path=tmp_path)
    assert 5.8 < len(ours) / 2 / 44100 < 6.2, said


HEAD = b"#EXTM3U\n#EXT-X-TARGETDURATION:2\n"
ONE = b"#EXTINF:2,\nts0.ts\n"
END = b"#EXT-X-ENDLIST\n"
REFUSED = {
    "key": (HEAD + b'#EXT-X-KEY:METHOD=AES-128,URI="k"\n' + ONE + END, 10004, "encrypted"),
    "map": (HEAD + b'#EXT-X-MAP:URI="m"\n' + ONE + END, 10004, "fragments"),
    "parts": (HEAD + b"#EXT-X-BYTERANGE:100@0\n" + ONE + END, 10004, "parts of files"),
    "line": (HEAD + b"#" + b"x" * 3_000_000 + b"\n" + ONE + END, 10004, "a line of more than 2 KB"),
    "long": (HEAD + b"#EXT-X-A:b\n" * 200_000 + ONE + END, 10004, "longer than 1 MB"),
    "loop": (b"#EXTM3U\n#EXT-X-STREAM-INF:BANDWIDTH=1\nx.m3u8\n", 10004, "without an end"),
    "empty": (HEAD + END, 10004, "no sound"),
    "duration": (HEAD + b"#EXTINF:-2,\nts0.ts\n" + END, 10004, "duration"),
    "sequence": (HEAD + b"#EXT-X-MEDIA-SEQUENCE:x\n" + ONE + END, 10004, "number"),
    "bytes": (HEAD + b"#EXTINF:2,\n\xff\xfe\n" + END, 10004, "text"),
    "gone": (HEAD + b"#EXTINF:2,\nnone.ts\n" + END, 10002, "HTTP 404"),
    "scheme": (HEAD + b"#EXTINF:2,\nfile:///etc/passwd\n" + END, 10002, "invalid url"),
    "wav": (HEAD + b"#EXTINF:2,\nx.wav\n" + END, 10004, "no sound"),
    "mp4": (HEAD + b"#EXTINF:2,\nx.mp4\n" + END, 10004, "fragments"),
}


@pytest.mark.parametrize("name", REFUSED)
def test_what_cannot_be_played_says_why(server, folder, tmp_path, name):
    server.files["x.m3u8"], errno, words = REFUSED[name]
    server.files["x.wav"] = b"RIFF" + bytes(300_000)
    server.files["x.mp4"] = b"\0\0\0\x20ftypiso5" + bytes(3000)
    said, _ = played(folder, f"{server.url}/ranges/x.m3u8", path=tmp_path, heap="400k")
    assert said["error"][0] == errno and words in said["error"][1], said


def test_a_playlist_on_the_flash_is_refused(folder):
    said, _ = played(folder, "ts.m3u8")
    assert said["error"][0] == 10004 and "server" in said["error"][1]


def test_a_playlist_of_any_length_fits_on_a_board(server, folder, tmp_path):
    options = {"path": tmp_path, "bits": 32, "heap": "190k"}
    said, _ = played(folder, f"{server.url}/ranges/ts.m3u8", **options)
    assert said["held"] < 24 * 1024, said["held"]
    # Twenty thousand that are already over, of 3 ms each, and two that are heard; the list stays live to say from where.
    server.files["long.m3u8"] = HEAD + b"#EXTINF:0.003,a title\nnone.ts\n" * 20000 + 3 * ONE
    ends = iter([b"", b""])
    long = server.files["long.m3u8"]
    server.files["long.m3u8"] = lambda: long + next(ends, END)
    said, (ours,) = played(folder, f"{server.url}/ranges/long.m3u8", **options)
    assert said["opened"][2] is None and 5.8 < len(ours) / 2 / 44100 < 6.2
