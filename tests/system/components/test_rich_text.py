"""<rich-text>, the `animation` attribute, <audio> and the boxes of what cannot play yet."""

import json

import pytest

from host_tools.models.audio import Speaker
from host_tools.models.wiring import I2sWiring
from tests.system.audio.conftest import SPEAKER
from tests.system.components.pictures import BLACK, BLUE, GREEN, RED, png, wav

HTML = """<h2 class="big">Title &amp; more</h2><p style="color:red">A <b>bold</b> word,<br/>next <u>line</u></p>
<ul><li>one<li>two</ul><ol><li>a</li><li>b</li></ol><img src="/a.png"><script>if (a<b) x("</p>")</script><video>no</video>"""
TEXTS = """
def texts(each):
    found = []
    for child in each.children:
        found += [child.text] if child.tag == "#text" else texts(child)
    return found
print(json.dumps(texts(root.children[0])))
"""


def texts(app):
    """What the rich-text shows."""
    head = "import json\nfrom kiosk import router, ui\nroot = ui.screen.views[router.stack[-1]].tree.root\n"
    return json.loads(app.target.exec(head + TEXTS, timeout_s=60))


def test_html_as_text_and_as_nodes(show):
    app = show(
        '<rich-text nodes="{{nodes}}"/><view style="background:#0f0">after</view>',
        data='{"nodes": %r}' % HTML,
        style=".big { background: #00f }",
        files={"a.png": png(50, 20, RED)},
    )
    assert [each for each in texts(app) if each.strip()] == [
        "Title & more", "A ", "bold", " word,", "next ", "line", "\u2022 ", "one", "\u2022 ", "two", "1. ", "a", "2. ", "b",
    ]  # fmt: skip
    app.sees(300, 30, BLUE)  # the class
    images = "[[n.w >> 6, n.h >> 6] for n in root.children[0].children if n.tag == 'image']"
    app.until(lambda: app.ask(images) == [[50, 20]])
    app.run(
        'page.setData({"nodes": [{"name": "div", "attrs": {"style": "color:blue"}, "children": [{"type": "text", "text": "Hello&nbsp;you &bogus;"},'
        ' {"name": "bogus", "children": [{"type": "text", "text": "hidden"}]}, 5, {"name": 7}, None]}, {"type": "text"}]})'
    )
    assert texts(app) == ["Hello\xa0you &bogus;"]
    app.sees(300, 30, GREEN)


@pytest.mark.parametrize(
    ("html", "shown"),
    [
        ("", []),
        ("<", []),
        ("a < b", ["a "]),
        ("<p", []),
        ("<b>never closed", ["never closed"]),
        ("</p></b>closed", ["closed"]),
        ("<p>one<p>two<div>three</p>", ["one", "two", "three"]),
        ("<!-- no --><i>yes</i><!-- never", ["yes"]),
        ("&#65;&#x42;&lt;&copy;", ["AB<&copy;"]),
        ("<p title='a>b' =x>t</p>", ["t"]),
        ("<div>" * 100 + "deep" + "</div>" * 100 + "up", ["up"]),
        ("<font color=nonsense>x</font>", ["x"]),
    ],
)
def test_broken_html(show, html, shown):
    app = show('<rich-text nodes="{{nodes}}"/><view style="background:#0f0">after</view>', data='{"nodes": %r}' % html)
    found = texts(app)
    assert [each for each in found if each.strip()] == shown
    y = app.ask("root.children[1].y >> 6")
    app.sees(300, y + 5, GREEN)


def test_what_is_much_too_long_is_shown_in_part(show):
    app = show('<rich-text nodes="{{nodes}}"/>', data='{"nodes": ""}')
    app.run('page.setData({"nodes": "<p>x" * 4000})')
    assert "the first 256 nodes are shown" in app.errors()
    assert texts(app)[:3] == ["x"] * 3
    app.run('page.setData({"nodes": 5})')
    assert texts(app) == []


def test_a_megabyte_is_refused_or_cut(show):
    app = show('<rich-text nodes="{{nodes}}"/>', data='{"nodes": ""}', name="unix")
    app.run('page.setData({"nodes": "<b>y</b>" * 100000})')
    assert "of a text of 800000 characters the first 32768 are shown" in app.errors()
    assert texts(app)[0] == "y"


MOVE = """
    def go(self):
        a = wx.createAnimation(duration=100)
        a.translate(60, 20).width(80).step()
        a.scale(2).backgroundColor("blue").step()
        self.setData({"a": a.export()})
    def bad(self):
        self.setData({"a": {"actions": [{"animates": 5}]}})
"""


def test_an_animation_moves_and_colors_and_tells_of_its_end(show):
    app = show(
        '<view style="height:100px;background:#0f0;padding:10px">'
        '<view animation="{{a}}" bindtransitionend="heard" style="width:40px;height:40px;background:red"></view></view>',
        data='{"a": {}}',
        code=MOVE,
    )
    app.sees(15, 15, RED)
    app.run("page.bad()")
    app.until(lambda: "an animation is not shown" in app.errors())
    app.run("page.go()")
    assert app.heard("transitionend") == {"elapsedTime": pytest.approx(0.2)}
    # 80x40, moved by 60,20 and then twice as large about its middle, which is at 110,50.
    app.sees(35, 15, BLUE)
    app.sees(185, 85, BLUE)
    app.sees(25, 50, GREEN)
    app.sees(195, 50, GREEN)
    assert app.ask("root.children[0].children[0].w >> 6") == 80
    app.run("page.log = []\npage.go()")
    app.heard("transitionend")


def test_an_audio_plays_and_pauses_by_touch(show):
    app = show(
        '<audio id="s" src="/s.wav" controls name="A song" bindplay="heard" bindpause="heard" binderror="heard"/>'
        '<audio id="t" src="/s.wav"/>',
        files={"s.wav": wav(20)},
        chips=[I2sWiring(Speaker(), *SPEAKER)],
    )
    app.sees(5, 5, (0xE6, 0xE6, 0xE6))  # where a poster would be
    assert app.ask("[[n.w >> 6, n.h >> 6] for n in root.children]") == [[300, 65], [-1, 0]]
    stopped = app.image().crop((20, 20, 45, 45)).tobytes()
    app.tap(30, 30)
    app.heard("play")
    app.until(lambda: app.image().crop((20, 20, 45, 45)).tobytes() != stopped)
    app.tap(30, 30)
    app.heard("pause")
    app.until(lambda: app.image().crop((20, 20, 45, 45)).tobytes() == stopped)
    app.run('page.setData({"x": 1})\nimport wx\nwx.createAudioContext("s").play()')
    app.until(lambda: [kind for kind, _ in app.log()].count("play") == 2)


def test_a_video_shows_its_poster_as_a_whole(show):
    app = show(
        '<video style="width:100px;height:60px" poster="/a.png" controls="{{false}}"/>',
        files={"a.png": png(50, 50, RED)},
    )
    app.sees(25, 5, RED)
    app.sees(5, 5, BLACK)
