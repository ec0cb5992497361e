"""<image> on a board's heap: what is seen, what is told, what cannot be shown."""

import pytest

from tests.system.components.conftest import near
from tests.system.components.pictures import BLUE, GREEN, RED, WHITE, jpeg, png

EVENTS = 'bindload="heard" binderror="heard"'


def test_a_png_and_a_jpeg_in_their_modes(show):
    app = show(
        f'<image src="/a.png" mode="{{{{mode}}}}" style="width:100px;height:80px;background:#0f0" {EVENTS}/>'
        f'<image src="/b.jpg" style="width:80px;height:60px" {EVENTS}/>',
        data='{"mode": "scaleToFill"}',
        files={"a.png": png(50, 20, RED, BLUE), "b.jpg": jpeg(160, 120, BLUE)},
    )
    app.until(lambda: len(app.log()) == 2)
    assert [detail for _, detail in app.log()] == [{"width": 50, "height": 20}, {"width": 160, "height": 120}]
    app.sees(5, 5, RED)
    app.sees(95, 75, BLUE)
    app.sees(140, 70, BLUE)
    app.run('page.setData({"mode": "aspectFit"})')  # 100x40, in the middle
    app.sees(5, 5, GREEN)
    app.sees(5, 25, RED)
    app.sees(95, 55, BLUE)
    app.run('page.setData({"mode": "bottom right"})')
    app.sees(45, 65, GREEN)
    app.sees(55, 65, RED)
    app.sees(95, 75, BLUE)


def test_width_fix_and_height_fix_move_what_is_below(show):
    app = show(
        '<image src="/a.png" mode="widthFix" style="width:{{width}}px"/><view>below</view>'
        '<image src="/a.png" mode="heightFix" style="height:30px"/>',
        data='{"width": 100}',
        files={"a.png": png(50, 20, RED, BLUE)},
    )
    boxes = "[[n.w >> 6, n.h >> 6, n.y >> 6] for n in root.children]"
    app.until(lambda: app.ask(boxes)[0][:2] == [100, 40])
    app.until(lambda: app.ask(boxes)[2][:2] == [75, 30])
    assert 40 <= app.ask(boxes)[1][2] <= 48  # the image stands on a line, which has a descent
    app.sees(5, 35, RED)
    app.run('page.setData({"width": 200})')
    app.until(lambda: app.ask(boxes)[0][:2] == [200, 80])
    app.sees(195, 75, BLUE)


@pytest.mark.parametrize(
    ("src", "content", "told"),
    [
        ("/none.png", None, "no such file or directory /none.png"),
        ("/a.gif", b"GIF89a\1\0\1\0\0\0\0,\0\0\0\0\1\0\1\0\0", "a GIF, which is not decoded here"),
        ("/a.webp", b"RIFF\x16\0\0\0WEBPVP8X\x0a\0\0\0" + bytes(10), "a WebP, which is not decoded here"),
        ("/a.png", png(9000, 1, RED), "a picture of 9000x1; up to 8192 a side"),
        ("/a.png", b"just a text", "no picture that is known"),
        ("/a.png", b"", "the file is empty"),
        ("/a.png", png(40, 40, RED)[:60], ""),
        ("{{5}}", None, "invalid argument src is empty"),
    ],
)
def test_what_cannot_be_shown_is_told_and_the_page_goes_on(show, src, content, told):
    app = show(
        f'<image src="{src}" style="width:50px;height:50px;background:#0f0" {EVENTS}/><view style="background:#f00">on</view>',
        files={src[1:]: content} if content is not None else {},
    )
    assert told in app.heard("error")["errMsg"]
    app.sees(5, 5, GREEN)
    app.sees(300, 60, RED)
    assert "is not shown: " in app.errors()


@pytest.mark.parametrize("name", ["a.jpg", "a.png"])
def test_8000_px_wide_want_more_than_a_board_has(show, name):
    files = {"a.jpg": jpeg(8000, 20, BLUE), "a.png": png(8000, 20, RED)}
    app = show(
        f'<image src="/{name}" style="width:320px;height:100px" {EVENTS}/><view style="background:#0f0">on</view>',
        files=files,
    )
    assert app.heard("error") == {"errMsg": "out of memory"}
    app.sees(300, app.ask("root.children[1].y >> 6") + 5, GREEN)


def test_pictures_side_by_side_take_turns_when_the_heap_is_full(show):
    files = {f"{name}.png": png(60, 60, color) for name, color in (("a", RED), ("b", GREEN), ("c", BLUE))}
    images = "".join(f'<image src="/{name}.png" style="width:60px;height:60px" {EVENTS}/>' for name in "abc")
    app = show(
        images,
        code="\n    def start(self):\n        self.ballast = [bytearray(1024) for _ in range(40)]\n",
        files=files,
    )
    for x, color in ((30, RED), (90, GREEN), (150, BLUE)):
        app.sees(x, 5, color)
        app.sees(x, 55, color)
    assert all(kind == "load" for kind, _ in app.log())


def test_without_any_memory_the_rest_of_the_page_is_seen(show):
    app = show(
        f'<view style="background:#0f0">page</view><image wx:if="{{{{on}}}}" src="/a.png" style="width:60px;height:60px" {EVENTS}/>',
        data='{"on": False}',
        files={"a.png": png(60, 60, RED)},
    )
    app.sees(300, 5, GREEN)
    app.run(
        "import gc\ngc.collect()\npage.ballast = []\n"
        "while gc.mem_free() > 60000:\n    page.ballast.append(bytearray(1000))\npage.setData({'on': True})"
    )
    assert app.heard("error")["errMsg"] == "out of memory"
    app.sees(300, 5, GREEN)
    assert near(app.image().getpixel((30, 60)), WHITE)


def test_a_lazy_one_is_loaded_when_it_is_seen_and_files_are_closed_after_painting(show):
    app = show(
        f'<view style="height:500px">tall</view><image lazy-load src="/a.png" style="width:60px;height:60px" {EVENTS}/>',
        files={"a.png": png(60, 60, RED)},
    )
    app.target.wait(200)
    assert app.log() == []
    app.drag((100, 200), (100, 100), (100, 10))
    app.drag((100, 200), (100, 100), (100, 10))
    assert app.heard("load") == {"width": 60, "height": 60}
    app.until(lambda: app.ask("root.children[1].component._picture is None"))


def test_another_src_is_another_picture(show):
    app = show(
        f'<image src="{{{{src}}}}" style="width:60px;height:60px" {EVENTS}/>',
        data='{"src": "/a.png"}',
        files={"a.png": png(60, 60, RED), "b.jpg": jpeg(60, 60, BLUE)},
    )
    app.sees(30, 30, RED)
    app.run('page.setData({"src": "/b.jpg"})')
    app.sees(30, 30, BLUE)
    app.run('page.setData({"src": ""})')
    app.sees(30, 30, WHITE)
    assert [kind for kind, _ in app.log()] == ["load", "load"]
