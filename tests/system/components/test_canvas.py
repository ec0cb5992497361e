"""<canvas>, <icon>, <progress>, <button>, <navigator>, <text>: what is seen and what fingers do."""

from tests.system.components.conftest import near
from tests.system.components.pictures import BLUE, GREEN, RED, WHITE, jpeg, png

DRAW = """
    def start(self):
        c = wx.createCanvasContext("c")
        c.setFillStyle("#00ff00")
        c.fillRect(0, 0, 200, 100)
        c.drawImage("/a.png", 10, 10, 80, 80)
        c.drawImage("/b.jpg", 100, 10)
        c.draw()
    def touched(self, event):
        touch = event.changedTouches[0]
        self.log.append([event.type, {"x": touch.x, "y": touch.y}])
"""


def test_a_canvas_shows_what_is_drawn_and_hears_of_fingers_from_its_corner(show):
    app = show(
        '<view style="height:20px">above</view>'
        '<canvas canvas-id="c" style="width:200px;height:100px;margin-left:20px" disable-scroll'
        ' bindtouchstart="touched" bindtouchmove="touched" bindtouchend="touched"/>',
        code=DRAW,
        files={"a.png": png(50, 40, (255, 0, 0, 255), (0, 0, 255, 0)), "b.jpg": jpeg(60, 60, BLUE)},
    )
    app.sees(25, 25, GREEN)
    app.sees(50, 50, RED)
    app.sees(90, 50, GREEN)  # the half that is seen through
    app.sees(150, 50, BLUE)
    assert near(app.image().getpixel((225, 50)), WHITE)
    app.drag((50, 50), (80, 60))
    assert app.log() == [
        ["touchstart", {"x": 30, "y": 30}],
        ["touchmove", {"x": 60, "y": 40}],
        ["touchend", {"x": 60, "y": 40}],
    ]


def test_a_picture_that_is_broken_takes_nothing_else_away(show):
    app = show(
        '<canvas canvas-id="c" style="width:200px;height:100px"/><view style="background:#f00">below</view>',
        code=DRAW,
        files={"a.png": png(50, 40, BLUE)[:-30], "b.jpg": jpeg(60, 60, BLUE)},
    )
    app.sees(300, 110, RED)
    assert "drawImage:fail parameter error: /a.png: the PNG is cut off;" in app.errors()


def test_a_canvas_without_a_name_or_too_large_is_told_of(show):
    app = show(
        '<canvas binderror="heard" style="height:20px"/><canvas canvas-id="x" style="width:2000px;height:20px"/>'
    )
    assert app.heard("error") == {"errMsg": "canvas-id attribute is undefined"}
    assert "a canvas of 2000x20" in app.errors()


def test_icons_and_bars(show):
    app = show(
        '<view><icon wx:for="{{kinds}}" type="{{item}}" size="30" color="{{color}}"/></view>'
        '<progress percent="{{percent}}" stroke-width="10" activeColor="#f00" backgroundColor="#00f"/>'
        '<progress percent="20" active duration="1" show-info bindactiveend="heard"/>',
        data='{"kinds": ["success", "search", "none"], "color": "#00f", "percent": 50}',
    )
    app.sees(8, 8, BLUE)
    assert near(app.image().getpixel((75, 15)), WHITE)  # nothing of what there is not
    assert app.ask("[[n.w >> 6, n.h >> 6] for n in root.children[0].children]") == [[30, 30]] * 3
    y = app.ask("root.children[1].y >> 6") + 5
    app.sees(155, y, RED)
    app.sees(165, y, BLUE)
    assert app.heard("activeend") == {"curPercent": 20}
    app.run('page.setData({"percent": 300, "color": "nonsense", "kinds": ["clear"]})')
    app.sees(315, y, RED)
    app.run('page.setData({"percent": "much"})')
    app.sees(5, y, BLUE)


def test_a_disabled_button_is_deaf_and_a_loading_one_turns(show):
    app = show(
        '<button disabled="{{off}}" bindtap="heard" loading="{{loading}}">press</button><button open-type="share">share</button>',
        data='{"off": True, "loading": False}',
    )
    app.tap(160, 20)
    app.run('page.setData({"off": False})')
    app.tap(160, 20)
    assert app.heard("tap") == {"x": 160, "y": 20}
    assert len(app.log()) == 1
    assert "<button open-type=share> does nothing" in app.errors()
    text = "root.children[0].children[0].x >> 6"
    before = app.ask(text)
    app.run('page.setData({"loading": True})')
    assert app.ask(text) - before in (11, 12)  # half of what turns, as the text is in the middle
    seen = app.image().tobytes()
    app.until(lambda: app.image().tobytes() != seen)
    app.run('page.setData({"loading": False})')
    assert app.ask(text) == before


OTHER = "@Page\nclass Other:\n    data = {}\n"


def test_a_navigator_leads_to_pages(show):
    app = show(
        '<navigator url="{{url}}" open-type="{{kind}}" bindsuccess="heard" bindfail="heard" bindcomplete="heard">go</navigator>',
        data='{"url": "/pages/none/none", "kind": "navigate"}',
        files={"pages/b/b": OTHER},
    )
    app.tap(10, 10)
    assert "navigateTo:fail" in app.heard("fail")["errMsg"]
    assert [kind for kind, _ in app.log()] == ["fail", "complete"]
    app.run('page.setData({"kind": "elsewhere"})')
    app.tap(10, 10)
    assert "no open-type elsewhere" in app.heard("fail")["errMsg"]
    app.run('page.log = []\npage.setData({"url": "/pages/b/b?x=1", "kind": "navigate"})')
    app.tap(10, 10)
    assert [page["route"] for page in app.target.pages()] == ["pages/index/index", "pages/b/b"]
    app.target.call("navigateBack")
    assert app.heard("success") == {"errMsg": "navigateTo:ok"}
    app.run('page.setData({"kind": "reLaunch"})')
    app.tap(10, 10)
    assert [page["route"] for page in app.target.pages()] == ["pages/b/b"]
