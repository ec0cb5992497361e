"""createAudioContext and the <audio> of a page: attributes, events to the page's functions, its end with the page."""

import wx
from kiosk import page, router
from kiosk.media import component
from tests.fakes.playing import Playing


class _Index:
    def __init__(self):
        self.seen = []

    def onAudio(self, event):
        self.seen.append((event.type, event.target.id, event.detail))

    def names(self):
        return [kind for kind, _, _ in self.seen if kind != "timeupdate"]


_BINDINGS = {"bind" + kind: "onAudio" for kind in ("play", "pause", "ended", "error", "timeupdate")}


def _page():
    page.Page(_Index)
    made = page.create(page.take_registered(), "pages/index/index", {}, None)
    router.stack.append(made)
    return made


async def test_it_drives_the_audio_of_the_page():
    scene = Playing()
    index = _page()
    audio = wx.createAudioContext("song")
    component.find(index, "song").set(_BINDINGS)
    audio.setSrc("/long.wav")
    audio.play()
    await scene.until(lambda: "timeupdate" in [one[0] for one in index.seen])
    assert index.names() == ["play"] and index.seen[0][1] == "song"
    detail = index.seen[-1][2]
    assert 0 < detail.currentTime < 2 and detail.duration == 2
    audio.pause()
    audio.seek(1.75)
    await scene.idle()
    assert index.names() == ["play", "pause"]
    wx.createAudioContext("song").play()  # the same component
    await scene.until(lambda: "ended" in index.names())
    assert index.names() == ["play", "pause", "play", "ended"] and scene.highest() == 16000
    await scene.close()


async def test_attributes():
    scene = Playing()
    index = _page()
    song = component.find(index, "song")
    assert song.attributes["name"] == "未知音频" and song.attributes["author"] == "未知作者"
    assert (song.attributes["loop"], song.attributes["controls"], song.attributes["src"]) == (False, False, "")
    song.set({"src": "/short.wav", "loop": True, "poster": "/a.png", "name": "N", "author": "A", "unknown": 5})
    assert song.sound.loop and "unknown" not in song.attributes
    song.set(dict(_BINDINGS, name="M"))
    song.set({"src": 5, "loop": "yes", "controls": 1})
    await scene.until(lambda: index.names().count("error") == 3)
    assert [one[2] for one in index.seen] == [{"errMsg": 3}] * 3
    assert (song.attributes["src"], song.attributes["loop"], song.attributes["name"]) == ("/short.wav", True, "M")
    assert component.find(index, "song") is song and component.find(index, "other") is not song
    await scene.close()


async def test_what_is_wrong_is_its_error_event():
    scene = Playing()
    index = _page()
    audio = wx.createAudioContext("song", index)
    component.find(index, "song").set({"binderror": "onAudio", "bindplay": "nothing of the page's"})
    audio.play()
    audio.seek("x")
    audio.seek(float("nan"))
    audio.setSrc(None)
    await scene.until(lambda: len(index.seen) == 4)
    assert [one[2].errMsg for one in index.seen] == [4, 3, 3, 3]
    for src, code in (("/gone.wav", 4), ("/text.wav", 4)):
        index.seen.clear()
        audio.setSrc(src)
        await scene.until(lambda: index.seen)
        assert index.seen[0][2].errMsg == code
    audio.setSrc("/short.wav")
    audio.play()
    await scene.until(lambda: component.find(index, "song").sound.state == "stopped")
    await scene.close()


def _fails(part, *args):
    try:
        wx.createAudioContext(*args)
    except wx.Error as exc:
        assert exc.errno == 1001 and exc.errMsg.startswith("createAudioContext:fail") and part in exc.errMsg
        return
    raise AssertionError(part)


async def test_no_id_and_no_page():
    scene = Playing()
    _fails("parameter.component should be a page", "song")
    _page()
    _fails("parameter.audioId should be String instead of Number", 5)
    _fails("parameter.audioId should be String instead of Null", None)
    _fails("parameter.component should be a page", "song", 5)
    await scene.close()


async def test_it_ends_with_its_page():
    scene = Playing(pages=["pages/index/index"])
    index = _page()
    audio = wx.createAudioContext("song")
    component.find(index, "song").set(_BINDINGS)
    audio.setSrc("/long.wav")
    audio.play()
    await scene.until(lambda: "play" in index.names())
    router.close_all()
    await scene.idle()
    assert index.names() == ["play"]
    audio.play()  # does nothing any more
    audio.setSrc("/short.wav")
    await scene.idle()
    assert component.find(index, "song").sound.state == "stopped"
    await scene.close()
