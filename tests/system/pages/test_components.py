"""Custom components from their files to boxes, events and lifetimes: packed, run, changed and read back over the console."""

import json

CARD = {
    "components/card/card.json": '{"component": true}',
    "components/card/card.wxml": """
        <view class="card"><text class="title">{{title}} {{count}}</text><slot name="head"/><view bindtap="hit">{{own}}</view><slot/></view>
    """,
    "components/card/card.wxss": ".card { padding: 10px } .title { font-weight: bold }\n:host { margin: 0 5px }",
    "components/card/card.py": """
        @Component
        class Card:
            properties = {"title": str, "count": {"type": int, "value": 7, "observer": "counted"}}
            data = {"own": "own"}
            observers = {"title, count": lambda self, title, count: print("observed", title, count)}

            class lifetimes:
                def created(self):
                    print("created", self.id)
                def attached(self):
                    print("attached", self.id, self.properties["count"], self.dataset)
                def ready(self):
                    print("ready", self.id)
                def detached(self):
                    print("detached", self.data["title"])

            pageLifetimes = {"show": lambda self: print("show", self.id), "hide": lambda self: print("hide", self.id)}

            def counted(self, now, before, path):
                print("counted", now, before, path)

            def hit(self, event):
                print("hit", event.target.id)
                self.setData({"own": "hit", "count": self.data["count"] + 1})
                self.triggerEvent("counted", {"count": self.data["count"]})
        """,
}
FILES = {
    **CARD,
    "pages/index/index.json": '{"usingComponents": {"my-card": "/components/card/card"}}',
    "pages/index/index.wxml": """
        <my-card id="a" title="{{title}}" data-x="1" bind:counted="heard" bindtap="tapped" class="card">
          <view>{{title}} inside</view><view slot="head" wx:if="{{on}}">head</view>
        </my-card>
    """,
    "pages/index/index.wxss": ".card { background: red }",
    "pages/index/index.py": """
        @Page
        class Index:
            data = {"title": "T", "on": True, "list": []}

            def onLoad(self, query):
                print("load")

            def onShow(self):
                print("page show")

            def onReady(self):
                print("page ready")

            def heard(self, event):
                print("heard", event.type, event.detail, event.target.id, event.currentTarget.dataset)

            def tapped(self, event):
                print("tapped", event.target.id)
        """,
}


def said(screen):
    """What has been printed since the last time."""
    before = getattr(screen, "_said", 0)
    text = screen.output
    screen._said = len(text)
    return text[before:].splitlines()


def tap(screen, x, y):
    screen.exec(
        "from kiosk import ui, router\nfrom kiosk.ui import event, stacking\npage = router.stack[-1]\n"
        f"event.dispatch(page, stacking.hit(ui.screen.views[page].tree.root, {x}, {y}), 'tap', {{}})"
    )


def test_a_component_is_made_shown_told_and_heard(screen):
    assert screen.run(FILES)["errMsg"] == "launch:ok"
    assert said(screen) == [
        "created a",
        "observed T 7",
        "attached a 7 {'x': '1'}",
        "load",
        "page show",
        "show a",
        "ready a",
        "page ready",
    ]
    title = ["text", [15, 10, 24, 16], [["T 7", [15, 10, 24, 16], []]]]
    head = ["view", [15, 26, 290, 16], [["head", [15, 26, 32, 16], []]]]
    own = ["view", [15, 42, 290, 16], [["own", [15, 42, 24, 16], []]]]
    inside = ["view", [15, 58, 290, 16], [["T inside", [15, 58, 64, 16], []]]]
    card = ["my-card", [5, 0, 310, 84], [["view", [5, 0, 310, 84], [title, head, own, inside]]]]
    assert screen.boxes() == ["page", [0, 0, 320, 240], [card]]
    tap(screen, 20, 45)
    assert said(screen) == [
        "hit ",
        "counted 8 7 ['count']",
        "observed T 8",
        "heard counted {'count': 8} a {'x': '1'}",
        "tapped a",
    ]
    screen.set_data({"title": "Two", "on": False})
    assert said(screen) == ["observed Two 8"]
    card = screen.boxes()[2][0]
    assert card[1] == [5, 0, 310, 68]
    assert [texts(each) for each in card[2][0][2]] == [["Two 8"], ["hit"], ["Two inside"]]
    assert screen.errors == ""


def texts(box):
    """The texts in a box, in their order."""
    return [box[0]] if not box[2] and box[0] != "view" else [text for each in box[2] for text in texts(each)]


ROWS = {
    **FILES,
    "app.json": json.dumps({"pages": ["pages/index/index", "pages/rows/rows"]}),
    "pages/rows/rows.json": FILES["pages/index/index.json"],
    "pages/rows/rows.wxml": """
        <my-card wx:for="{{list}}" wx:key="id" id="{{item.id}}" title="{{item.title}}" count="{{index}}">{{item.title}}{{n}}</my-card>
    """,
    "pages/rows/rows.py": """
        @Page
        class Rows:
            data = {"n": 0, "list": [{"id": "a", "title": "A"}, {"id": "b", "title": "B"}, {"id": "c", "title": "C"}]}
        """,
    "components/card/card.py": """
        @Component
        class Card:
            properties = {"title": str, "count": int}
            data = {"own": "own"}
            def created(self): print("created", self.id)
            def attached(self): print("attached", self.id)
            def moved(self): print("moved", self.id)
            def detached(self): print("detached", self.data["title"])
        """,
}


def test_components_in_rows_come_move_and_go_with_them(screen):
    screen.run(ROWS)
    screen.call("navigateTo", {"url": "/pages/rows/rows"})
    said(screen)
    a, b, c, d = ({"id": each, "title": each.upper()} for each in "abcd")
    screen.set_data({"list": [c, a, d]})
    assert said(screen) == ["detached B", "created d", "attached d", "moved a"]
    assert texts(screen.boxes()) == ["C 0", "own", "C0", "A 1", "own", "A0", "D 2", "own", "D0"]
    screen.set_data({"n": 5, "list[1].title": "other"})
    assert texts(screen.boxes()) == ["C 0", "own", "C5", "other 1", "own", "other5", "D 2", "own", "D5"]
    assert said(screen) == []
    screen.call("navigateBack")
    assert said(screen) == ["detached other", "detached C", "detached D", "page show"]  # as they were made
    assert screen.errors == ""


def test_pages_with_components_leave_nothing(screen):
    screen.run(ROWS)
    used = []
    for _ in range(40):
        screen.call("navigateTo", {"url": "/pages/rows/rows"})
        screen.set_data({"list": [{"id": "z", "title": "Z"}]})
        screen.call("navigateBack")
        used.append(screen.state()["heapUsed"])
    # The interpreter's own tables may grow once; what a page left would be more after each ten.
    least = [min(used[first : first + 10]) for first in (0, 10, 20, 30)]
    assert any(after <= before for before, after in zip(least, least[1:])), used


STYLES = {
    **FILES,
    "app.wxss": ".h { height: 11px }",
    "pages/index/index.json": json.dumps(
        {"usingComponents": {one: f"/components/{one}/{one}" for one in ("own", "apply", "shared", "outer")}}
    ),
    "pages/index/index.wxml": """
        <own><view class="h w"/></own><apply/><shared/><view class="s"/><outer my-class="big"/><outer my-class="{{big}}"/>
    """,
    "pages/index/index.wxss": ".h { width: 50px } .big { height: 30px } .s { width: 10px }",
    "pages/index/index.py": "Page({'data': {'big': ''}})",
}
for _name, _isolation in (("own", "isolated"), ("apply", "apply-shared"), ("shared", "shared"), ("outer", "isolated")):
    STYLES[f"components/{_name}/{_name}.json"] = json.dumps({"component": True, "styleIsolation": _isolation})
    STYLES[f"components/{_name}/{_name}.py"] = "Component({'externalClasses': ['my-class']})"
    STYLES[f"components/{_name}/{_name}.wxml"] = '<view class="h w"/><view class="my-class"/><slot/>'
    STYLES[f"components/{_name}/{_name}.wxss"] = ".w { width: 70px } .s { height: 5px }"


def sizes(box):
    return [each[1][2:] for each in box[2]]


def test_a_components_styles_are_its_own(screen):
    screen.run(STYLES)
    own, apply, shared, view, big, small = screen.boxes()[2]
    assert sizes(own) == [[70, 0], [320, 0], [50, 11]]
    assert sizes(apply) == [[70, 11], [320, 0]]
    assert sizes(shared) == [[70, 11], [320, 0]]
    assert view[1][2:] == [10, 5]  # its width is the page's, its height that of the shared component's sheet
    assert sizes(big) == [[70, 0], [320, 30]]
    assert sizes(small) == [[70, 0], [320, 0]]
    screen.set_data({"big": "big"})
    assert sizes(screen.boxes()[2][5]) == [[70, 0], [320, 30]]
    assert screen.errors == ""


NESTED = {
    **FILES,
    "pages/index/index.json": '{"usingComponents": {"outer": "/c/outer", "inner": "/c/inner"}}',
    "pages/index/index.wxml": """
        <outer bind:told="heard"><inner wx:for="{{list}}" label="{{item}}"><text>{{item}} of the page</text></inner></outer>
    """,
    "pages/index/index.py": """
        @Page
        class Index:
            data = {"list": ["x", "y"], "shown": True}
            def heard(self, event):
                print("page", event.detail, event.target.id)
        """,
    "c/outer.json": '{"component": true, "usingComponents": {"inner": "inner"}}',
    "c/outer.wxml": '<view bind:told="heard" id="in outer"><slot/></view><inner label="{{own}}" bind:told="heard" id="own"/>',
    "c/outer.py": """
        Component({"data": {"own": "of outer"}, "methods": {
            "heard": lambda self, event: print("outer", event["detail"], event["target"]["id"])}})
        """,
    "c/inner.json": '{"component": true}',
    "c/inner.wxml": '<view bindtap="tell">{{label}}{{n}}</view><slot/>',
    "c/inner.py": """
        def tell(self, event):
            self.setData({"n": self.data["n"] + 1})
            self.triggerEvent("told", self.data["label"], {"bubbles": True, "composed": self.data["label"] == "x"})

        Component({"properties": {"label": None}, "data": {"n": 0}, "methods": {"tell": tell}})
        """,
}


def test_components_in_components_and_how_far_events_go(screen):
    screen.run(NESTED)
    assert texts(screen.boxes()) == ["x0", "x of the page", "y0", "y of the page", "of outer0"]
    tap(screen, 5, 5)  # x: composed, so the markup of the component that it was put into hears of it, too
    assert said(screen) == ["outer x in outer", "page x "]
    tap(screen, 5, 37)  # y: the page's own elements only
    assert said(screen) == ["page y "]
    tap(screen, 5, 69)
    assert said(screen) == ["outer of outer own"]
    assert texts(screen.boxes()) == ["x1", "x of the page", "y1", "y of the page", "of outer1"]
    screen.set_data({"list[1]": "z", "list[2]": "new"})
    assert texts(screen.boxes()) == [
        "x1",
        "x of the page",
        "z1",
        "z of the page",
        "new0",
        "new of the page",
        "of outer1",
    ]
    assert screen.errors == ""


FAULTY = {
    **FILES,
    "pages/index/index.json": json.dumps(
        {"usingComponents": {one: f"/c/{one}" for one in ("good", "created", "imports", "nothing", "endless", "type")}}
    ),
    "pages/index/index.wxml": """
        <good label="{{one}}"/><created label="two"/><imports>lost</imports><nothing/><type/><endless/><good label="end" count="x"/>
    """,
    "pages/index/index.py": "Page({'data': {'one': 'one'}})",
}
_GOOD = "@Component\nclass Good:\n    properties = {'label': str, 'count': int}\n"
for _name, _script in (
    ("good", _GOOD),
    (
        "created",
        _GOOD + "    def created(self): 1 // 0\n    def error(self, exc): print('error', exc)\n"
        "    observers = {'label': lambda self, label: label.none}\n",
    ),
    ("imports", "import math\nmath.none\n"),
    ("nothing", "x = 1"),
    ("endless", _GOOD),
    ("type", "@Component\nclass Bad:\n    properties = {'label': 'String'}\n"),
):
    FAULTY[f"c/{_name}.json"] = json.dumps({"component": True, "usingComponents": {"self": "endless"}})
    FAULTY[f"c/{_name}.py"] = _script
    FAULTY[f"c/{_name}.wxml"] = "<view>{{label}}</view>"
FAULTY["c/endless.wxml"] = "<view>level<self wx:if='{{true}}'/></view>"


def test_what_fails_is_told_and_the_rest_is_shown(screen):
    assert screen.run(FAULTY)["errMsg"] == "launch:ok"
    assert texts(screen.boxes()) == ["one", "two", "imports", "nothing", "type", *["level"] * 8, "self", "end"]
    assert said(screen) == ["error divide by zero", "error 'str' object has no attribute 'none'"]
    for line in (
        'File "c/created.py", line 4, in created',
        'File "c/created.py", line 6, in <lambda>',
        'File "c/imports.py", line 2, in <module>',
        "error c/imports: the component cannot be used: AttributeError: 'module' object has no attribute 'none'",
        "error c/nothing: the component cannot be used: ValueError: it calls no Component()",
        "error c/type: the component cannot be used: ValueError: properties.label: a type is str, int, float, bool, dict,",
        "error component: c/endless is not shown: components within components, deeper than 8 levels or 24 elements",
        "warn c/good: property count: x is no Number",
    ):
        assert line in screen.errors, line
    screen.set_data({"one": "another"})
    assert texts(screen.boxes())[0] == "another"


def test_a_component_that_is_taken_out_of_the_package_is_missed_and_the_rest_is_there(screen):
    screen.program(FILES)
    screen.exec("import os\nos.remove('/apps/test/components/card/card.mpy')")
    screen.launch("test")
    assert screen.boxes()[2] == [["my-card", [0, 0, 320, 0], []]]
    assert "error components/card/card: the component cannot be used: ImportError" in screen.errors


QUERY = {
    **FILES,
    "pages/index/index.json": '{"usingComponents": {"card": "/c/card"}}',
    "pages/index/index.wxml": """
        <view class="top"/><scroll-view scroll-y id="s" style="height: 50px"><view class="row" wx:for="{{3}}" data-n="{{item}}"/></scroll-view>
        <card id="c"><view class="in">in</view></card><view class="gone" hidden>x</view>
    """,
    "pages/index/index.wxss": ".top { height: 300px } .row { height: 30.5px; margin: 1px 2px; color: #f00 }",
    "pages/index/index.py": """
        @Page
        class Index:
            data = {}
            def onReady(self):
                query = wx.createSelectorQuery()
                query.selectAll(".row").boundingClientRect(lambda rows: print([(row.top, row.height, row.dataset.n) for row in rows]))
                query.select("#s").scrollOffset(lambda it: print(it.scrollTop, it.scrollHeight, it.scrollWidth))
                query.select(".gone").boundingClientRect(lambda it: print(it.width, it.height))
                query.selectViewport().boundingClientRect(lambda it: print(it.width, it.height))
                query.exec(lambda answers: print(len(answers)))
                print("first")
                query = wx.createSelectorQuery().in_(self)
                for selector in ("view", "card > view", "card >>> view", ".in, .top", "#c .in", "#s > .row", "card view.deep"):
                    query.selectAll(selector).fields({"size": True})
                query.selectAll(".deep").fields({"id": True})
                query.exec(lambda answers: print([len(each) for each in answers]))
                card = self.selectComponent("#c")
                card.createSelectorQuery().selectAll("view").fields({"computedStyle": ["width", "paddingLeft", "margin"]}).exec(
                    lambda answers: print([sorted(one.items()) for one in answers[0]]))
                print(card.selectOwnerComponent() is self, card.getPageId() == self.getPageId(), card.selectComponent("card"))
        """,
    "c/card.json": '{"component": true}',
    "c/card.wxml": '<view class="deep"><slot/></view>',
    "c/card.wxss": ".deep { padding: 0 3px; margin: 1px 2px 3px }",
    "c/card.py": "Component({})",
}


def test_elements_are_found_and_measured(screen):
    screen.run(QUERY)
    screen.exec("pass")  # the loop turns
    assert said(screen) == [
        "first",
        "True True None",
        "[(301, 30.5, 0), (332.5, 30.5, 1), (364, 30.5, 2)]",
        "0 95 320",
        "0 0",
        "320 240",
        "4",
        "[6, 1, 2, 2, 1, 3, 0, 0]",
        "[[('margin', '1px 2px 3px'), ('paddingLeft', '3px'), ('width', '310px')]]",
    ]
    screen.exec(
        "from kiosk import ui, router\npage = router.stack[-1]\n"
        "root = ui.screen.views[page].tree.root\nroot.scroll = (0, 40)\nroot.children[1].scroll = (0, 10)\n"
        "page.answers = []\nwx.createSelectorQuery().select('.row').boundingClientRect().selectViewport().scrollOffset()"
        ".exec(page.answers.extend)"
    )
    row, viewport = screen.exec(
        "from kiosk import router\nfor one in router.stack[-1].answers: print(sorted(one.items()))"
    ).splitlines()
    assert "('top', 251)" in row
    assert "('scrollHeight', 370), ('scrollLeft', 0), ('scrollTop', 40)" in viewport


def test_without_a_screen_nothing_is_found(kiosk):
    kiosk.run(
        {
            "pages/index/index.py": """
                @Page
                class Index:
                    data = {}
                    def onReady(self):
                        wx.createSelectorQuery().select("view").boundingClientRect().selectAll("view").boundingClientRect().exec(print)
                        print(self.selectComponent("card"))
                """
        }
    )
    kiosk.exec("pass")
    assert kiosk.output == "None\n[None, []]\n"
    assert "nothing is found: nothing of this is on a screen" in kiosk.errors
