"""wx.chooseVideo: videos taken on the page and chosen from the album; ffprobe reads them."""

import json

import pytest

from tests.system.album.conftest import LIVE, REVIEW, TAKING, TOP
from tests.system.audio.peers import run
from tests.system.video.films import film

CANCEL, FIRST, DONE = (20, 10), (32, 64), (300, 220)
TAKE, LEAVE, USE = (284, 120), (284, 30), (284, 220)


def probed(data, folder):
    """What ffprobe says of the pictures of a video."""
    path = folder / "chosen.avi"
    path.write_bytes(data)
    shown = run("ffprobe", "-v", "error", "-select_streams", "v", "-count_frames", "-show_streams", "-of", "json", path)
    return json.loads(shown)["streams"][0]


@pytest.mark.parametrize("name", ["unix", "unix32"])
def test_a_video_is_taken_saved_and_chosen(gallery, tmp_path, name):
    place = gallery(name)
    place.call("chooseVideo", sourceType=["camera"], maxDuration=30, compressed=False)
    place.state(LIVE)
    place.app.tap(*TAKE)
    place.state(TAKING)
    assert place.ask(f"{TOP}.caption()").endswith(" / 0:30")
    place.until(f"{TOP}._recording._writer.pictures > 3")
    place.app.tap(*TAKE)
    place.state(REVIEW)
    place.app.tap(*USE)
    answer = place.answer()
    data = place.file(answer["tempFilePath"])
    stream = probed(data, tmp_path)
    assert answer["errMsg"] == "chooseVideo:ok" and answer["size"] == len(data)
    assert (answer["width"], answer["height"]) == (stream["width"], stream["height"]) == (320, 240)
    assert abs(answer["duration"] - float(stream["duration"])) < 0.2
    place.left()
    assert len(place.temporary()) == 1
    place.call("saveVideoToPhotosAlbum", filePath=answer["tempFilePath"])
    assert place.answer()["errMsg"] == "saveVideoToPhotosAlbum:ok" and place.in_album() == ["kiosk-000001.avi"]
    place.call("chooseVideo", compressed=False)
    place.known()
    assert place.ask(f"[tile.path is not None for tile in {TOP}._tiles.values()]") == [True]
    place.app.tap(96, 64)  # beside the camera
    place.app.tap(*DONE)
    chosen = place.answer()
    assert place.file(chosen["tempFilePath"]) == data
    assert {**chosen, "tempFilePath": ""} == {**answer, "tempFilePath": ""}
    place.left()


def test_a_video_of_the_host_gets_smaller_and_what_is_none_cannot_be_chosen(gallery, tmp_path):
    place = gallery("unix32", has_camera=False)
    place.fill({"a.avi": film(tmp_path, seconds=2, fps=25), "b.avi": b"RIFF nothing", "c.mp4": b"\0\0\0\x18ftypisom"})
    place.call("chooseVideo")
    place.known()
    tiles = place.ask(f"sorted([tile.name, tile.label, tile.is_good] for tile in {TOP}._tiles.values())")
    assert tiles == [["a.avi", "0:02", True], ["b.avi", "AVI", False]]
    number = place.ask(f"[tile.name for at, tile in sorted({TOP}._tiles.items())]").index("a.avi")
    place.app.tap(32 + 64 * number, 64)
    place.app.tap(*DONE)
    answer = place.answer()
    stream = probed(place.file(answer["tempFilePath"]), tmp_path)
    assert (answer["width"], answer["height"]) == (160, 120) and abs(answer["duration"] - 2) < 0.1
    assert 8 <= int(stream["nb_read_frames"]) <= 15  # of fifty: six a second
    place.left()


def test_a_recording_that_is_left_or_begun_anew_leaves_nothing(gallery):
    place = gallery("unix32")
    place.call("chooseVideo", sourceType=["camera"])
    place.state(LIVE)
    place.app.tap(*TAKE)
    place.state(TAKING)
    place.until(f"{TOP}._recording._writer.pictures > 1")
    place.app.tap(*TAKE)
    place.state(REVIEW)
    assert len(place.temporary()) == 2
    place.app.tap(*LEAVE)  # once more
    place.state(LIVE)
    assert place.temporary() == []
    place.app.tap(*TAKE)
    place.state(TAKING)
    place.app.tap(*LEAVE)
    assert place.answer() == {"errMsg": "chooseVideo:fail cancel", "errno": 104}
    place.left()
    place.app.until(lambda: place.temporary() == [], "the recording's end")
    place.until("__import__('kiosk.video.recording').video.recording.current is None")


def test_a_recording_ends_by_itself(gallery):
    place = gallery("unix")
    place.call("chooseVideo", sourceType=["camera"], maxDuration=1)
    place.state(LIVE)
    place.app.tap(*TAKE)
    place.state(REVIEW)
    place.app.tap(*USE)
    assert 0 < place.answer()["duration"] <= 1.1
    place.left()
