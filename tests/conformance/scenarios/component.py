"""Scenarios of custom components and of what finds elements, on a screen that nobody paints; see tests/conformance/proof.py."""

# What the compiler makes of a page with <card id="a" label="L" class="wide" bindtold="heard"/> and a scroll-view, and of the card.
_PAGE = """
NODES = (
    ("card", ("id", "a", "label", "L", "data-n", 5), (), ("told", 0, "heard"), (), 0, "c/card"),
    ("scroll-view", ("id", "s", "scroll-y", True, "style", (("height", 40960), ())), (), (),
     (("view", ("class", "far", "style", (("height", 153600, "width", 51200), ("background-color", 0xFFF800))), (), (), (), 0),),
     0),
    ("canvas", ("canvas-id", "chart", "class", "chart"), (), (), (), 0),
)
TEMPLATES = ()
READS = ((),)
RULES = ()
USES = True
"""
_CARD = """
NODES = (("view", ("class", "inner"), (), (), ("text",), 0),)
TEMPLATES = ()
READS = ((),)
RULES = ()
LEVELS = 1
ISOLATION = "isolated"
"""
_SCRIPT = """
share = Behavior({"data": {"shared": 1}, "methods": {"share": lambda self: "shared"}})

@Component
class Card:
    behaviors = [share]
    properties = {"label": str}
    data = {"log": []}

    def attached(self):
        self.data["log"].append(self.data["label"])
        self.setData({"shared": 2})
        self.triggerEvent("told", self.data)
"""
_INDEX = """
@Page
class Index:
    data = {}
    log = []
    def heard(self, event):
        self.log.append((event.type, event.target.id, event.detail["shared"]))
"""


def _write(app, files):
    # As a host would.
    import os

    for path, text in files:
        for at in range(1, len(path)):
            if path[at] == "/" or at == 1:
                try:
                    os.mkdir("/apps/" + app + path[: at if path[at] == "/" else 0])
                except OSError:  # it is there
                    pass
        with open("/apps/" + app + path, "w") as file:
            file.write(text)


def _show_screen():
    # Returns what puts the one before in its place again.
    from kiosk import ui
    from kiosk.ui.pages import Pages

    before, ui.screen = ui.screen, Pages(320, 240, lambda text, font: len(text) * 8, lambda font: (12, 4))
    return lambda: setattr(ui, "screen", before)


_COMPONENT = (("/c/card.py", _SCRIPT), ("/c/card_wxml.py", _CARD))


async def custom(t):
    """Component Behavior"""
    from kiosk import app, router, supervisor

    files = (("/app.json", '{"pages": ["pages/index/index"]}'), ("/pages/index/index.py", _INDEX))
    _write("component", files + (("/pages/index/index_wxml.py", _PAGE),) + _COMPONENT)
    hide = _show_screen()
    await supervisor.launch("component")
    app.current.at_close += (hide,)
    page = router.stack[0]
    assert page.log == [("told", "a", 2)]
    card = page.selectComponent("#a")
    assert card.data == {"log": ["L"], "label": "L", "shared": 2} and card.properties is card.data
    assert card.share() == "shared" and card.dataset == {"n": 5} and page.selectComponent(".inner") is None


async def places(t):
    """wx.createSelectorQuery SelectorQuery.select SelectorQuery.selectAll SelectorQuery.selectViewport SelectorQuery.in SelectorQuery.exec NodesRef.boundingClientRect NodesRef.scrollOffset NodesRef.fields NodesRef.context NodesRef.node NodesRef.ref"""  # fmt: skip
    # In the mini-program that runs: another one's launch would load the chapter anew.
    import os

    from kiosk import app

    _write("test", _COMPONENT + (("/pages/a/a_wxml.py", _PAGE),))
    app.current.at_close += (_show_screen(),)
    try:
        await wx.navigateTo(url="/pages/a/a")
    finally:
        os.remove("/apps/test/pages/a/a_wxml.py")
    card = getCurrentPages()[-1].selectComponent("#a")
    heard = []
    query = wx.createSelectorQuery()
    query.select("#s").boundingClientRect(lambda answer: heard.append(answer))
    query.selectAll(".far, .nothing").fields(
        {"size": True, "rect": True, "properties": ["class"], "computedStyle": ["backgroundColor", "margin"]}
    )
    query.selectViewport().scrollOffset().select("#none").boundingClientRect()
    query.selectViewport().boundingClientRect().select("#s").scrollOffset()
    query.select(".chart").context().select("#a").fields({"id": True, "dataset": True, "mark": True, "node": True})
    query.select("#a").node()
    query.select("#a").ref().exec(heard.append)
    assert heard == []  # not before the loop has turned
    await t.until(lambda: len(heard) == 2)
    place, answers = heard
    view = {"id": "s", "dataset": {}, "left": 0, "top": 16, "right": 320, "bottom": 96, "width": 320, "height": 80}
    assert place == answers[0] and place == view, place
    far = {"left": 0, "top": 16, "right": 100, "bottom": 316, "width": 100, "height": 300}
    far.update({"class": "far", "backgroundColor": "rgb(248, 0, 0)", "margin": "0px"})
    assert answers[1] == [far], answers[1]
    assert answers[2]["scrollTop"] == 0 and answers[2]["scrollHeight"] == 246 and answers[3] is None
    assert answers[4]["height"] == 240 and answers[5]["scrollHeight"] == 300
    assert type(answers[6].context).__name__ == "CanvasContext"
    assert answers[7] == {"id": "a", "dataset": {"n": 5}, "mark": {}, "node": None} and answers[8].node is None
    assert answers[9] == {"ref": None}
    found = []
    getattr(wx.createSelectorQuery(), "in")(card).selectAll("view").boundingClientRect().exec(found.append)
    await t.until(lambda: found)
    assert [[one.top for one in each] for each in found[0]] == [[0]]
    for wrong in (None, "", "a >", "[b]", "."):
        await t.fails(lambda wrong=wrong: query.select(wrong), 1001, "parameter.selector")
    await t.fails(lambda: query.in_(5), 1001, "parameter.component")
    await t.fails(lambda: query.select("a").fields(5), 1001, "parameter.fields")
