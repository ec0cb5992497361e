"""<swiper> and <scroll-view>: fingers, attributes, events."""

from tests.system.components.conftest import near
from tests.system.components.pictures import BLUE, GREEN, RED

SWIPER = """
<swiper style="height:120px" current="{{current}}" circular="{{circular}}" indicator-dots="{{dots}}" indicator-active-color="#fff"
  autoplay="{{autoplay}}" interval="200" duration="{{duration}}" display-multiple-items="{{shown}}" vertical="{{vertical}}"
  bindchange="heard" bindanimationfinish="heard">
  <swiper-item wx:for="{{rows}}" item-id="n{{index}}" style="background:{{item}}">{{index}}</swiper-item>
</swiper>
"""
DATA = """{"rows": ["#f00", "#0f0", "#00f"], "current": 0, "circular": False, "dots": False, "autoplay": False, "duration": 100,
"shown": 1, "vertical": False}"""


def settled(app, current):
    """Wait until it has slid there; what the change has said."""
    app.until(lambda: app.log() and app.log()[-1][0] == "animationfinish" and app.log()[-1][1]["current"] == current)
    changes = [detail for kind, detail in app.log() if kind == "change"]
    app.run("page.log = []")
    return changes


def test_a_finger_slides_and_what_is_beside_is_seen_meanwhile(show):
    app = show(SWIPER, data=DATA)
    app.sees(10, 60, RED)
    app.press(250, 60)
    app.move(200, 60)
    app.move(150, 60)
    app.sees(10, 60, RED)
    app.sees(310, 60, GREEN)
    app.move(50, 60)
    app.release()
    assert settled(app, 1) == [{"current": 1, "currentItemId": "n1", "source": "touch"}]
    app.sees(10, 60, GREEN)
    app.sees(310, 60, GREEN)
    app.drag((100, 60), (200, 60), (300, 60))
    assert settled(app, 0)[0]["source"] == "touch"
    app.drag((100, 60), (200, 60), (300, 60))  # there is none before the first one
    app.until(lambda: not app.ask("root.children[0].component._sliding.is_running()"))
    assert app.log() == []
    app.sees(10, 60, RED)


def test_a_circle_goes_on_and_two_items_are_on_both_sides_of_each_other(show):
    app = show(SWIPER, data=DATA.replace('"circular": False', '"circular": True').replace(', "#00f"', ""))
    app.press(200, 60)
    app.move(230, 60)
    app.move(260, 60)
    app.sees(10, 60, GREEN)  # the last one comes from the left
    app.move(60, 60)
    app.move(20, 60)
    app.sees(310, 60, GREEN)  # and from the right
    app.release()
    assert settled(app, 1)[0]["current"] == 1


def test_current_is_where_it_slides_to_and_bad_ones_are_the_nearest(show):
    app = show(SWIPER, data=DATA)
    app.run('page.setData({"current": 2})')
    assert settled(app, 2) == [{"current": 2, "currentItemId": "n2", "source": ""}]
    app.sees(10, 60, BLUE)
    app.run('page.setData({"current": "nonsense"})')
    assert settled(app, 0)[0]["current"] == 0
    app.run('page.setData({"current": 99})')
    assert settled(app, 2)[0]["current"] == 2
    app.run('page.setData({"current": -5})')
    assert settled(app, 0)[0]["current"] == 0
    app.run('page.setData({"current": 2, "duration": 0})')
    assert settled(app, 2)[0]["current"] == 2
    app.run('page.setData({"rows": ["#0f0"]})')
    app.sees(10, 60, GREEN)
    app.run('page.setData({"rows": []})')
    app.until(lambda: not near(app.image().getpixel((10, 60)), GREEN))


def test_by_itself_from_the_last_to_the_first(show):
    app = show(SWIPER, data=DATA.replace('"autoplay": False', '"autoplay": True').replace(', "#00f"', ""))
    app.until(lambda: [detail["current"] for kind, detail in app.log() if kind == "change"][:3] == [1, 0, 1])
    assert all(detail["source"] == "autoplay" for _, detail in app.log())
    app.run('page.setData({"autoplay": False})')
    app.until(lambda: not app.ask("root.children[0].component._sliding.is_running()"))
    count = len(app.log())
    app.target.wait(500)
    assert len(app.log()) == count


def test_several_at_once_down_the_screen_with_dots(show):
    data = (
        DATA.replace('"vertical": False', '"vertical": True')
        .replace('"shown": 1', '"shown": 2')
        .replace('"dots": False', '"dots": True')
    )
    app = show(SWIPER, data=data)
    app.sees(10, 30, RED)
    app.sees(10, 90, GREEN)
    app.sees(306, 44, (255, 255, 255))
    app.drag((100, 100), (100, 60), (100, 20))
    assert settled(app, 1)[0]["current"] == 1
    app.sees(10, 90, BLUE)


def test_a_thousand_items_are_as_many_as_there_is_memory_for(show):
    app = show(SWIPER, data=DATA)
    app.run('page.setData({"rows": ["#0f0"] * 1000, "dots": True})')
    app.sees(10, 60, GREEN)
    assert "rows of a list: they are not shown" in app.errors()
    count = app.ask("len(root.children[0].children)")
    assert 50 < count < 1000
    assert app.ask("sum([n.w >= 0 for n in root.children[0].children])") <= 3
    app.run('page.setData({"current": 900})')
    assert settled(app, count - 1)


ROWS = '<view id="i{{item}}" wx:for="{{rows}}" style="height:30px">row {{item}}</view>'
SCROLL = (
    '<scroll-view scroll-y style="height:120px" scroll-top="{{top}}" scroll-into-view="{{into}}" scroll-with-animation="{{slides}}"'
    ' bindscroll="heard" bindscrolltoupper="heard" bindscrolltolower="heard">' + ROWS + "</scroll-view>"
)
AT = "root.children[0].scroll"


def test_a_scroll_view_is_scrolled_by_the_page(show):
    app = show(SCROLL, data='{"rows": list(range(20)), "top": 60, "into": "", "slides": False}')
    app.until(lambda: app.ask(AT) == [0, 60])
    app.run('page.log = []\npage.setData({"into": "i19"})')
    assert app.ask(AT) == [0, 480]
    assert [kind for kind, _ in app.log()] == ["scroll", "scrolltolower"] and app.log()[1][1] == {"direction": "bottom"}
    app.run('page.log = []\npage.setData({"top": 0, "slides": True})')
    app.until(lambda: app.ask(AT) == [0, 0])
    kinds = [kind for kind, _ in app.log()]
    assert kinds.count("scroll") > 1 and kinds.count("scrolltoupper") == 1
    for bad in ('"top": "nonsense"', '"into": "none"', '"top": None', '"top": -500'):
        app.run("page.setData({%s})" % bad)
    assert app.ask(AT) == [0, 0]
    app.run('page.setData({"slides": False, "top": 99999})')
    assert app.ask(AT) == [0, 480]


def test_a_finger_scrolls_it_and_the_page_is_told(show):
    app = show(SCROLL, data='{"rows": list(range(20)), "top": 0, "into": "", "slides": False}')
    app.drag((50, 100), (50, 80), (50, 60))
    assert app.ask(AT) == [0, 40]
    assert app.heard("scroll")["scrollTop"] == 40 and app.heard("scroll")["scrollHeight"] == 600
