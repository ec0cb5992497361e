"""App and Page life cycles and the routes: wx-rules.md, rule 22."""

import json

import pytest

PAGE = """
import wx

def _log(hook):
    def run(self, *args):
        print(self.route, hook, *args)
    return run

Page({"data": {}, "onLoad": _log("onLoad"), "onShow": _log("onShow"), "onReady": _log("onReady"),
      "onHide": _log("onHide"), "onUnload": _log("onUnload")})
"""
APP = """
@App
class Main:
    def onLaunch(self, options):
        print("App onLaunch", options.path, options["query"], options.scene)
    def onShow(self, options):
        print("App onShow")
    def onHide(self):
        print("App onHide")
"""
PATHS = ["pages/a/a", "pages/b/b", "pages/c/c", "pages/tab1/tab1", "pages/tab2/tab2"]
FILES = {
    "app.json": json.dumps(
        {
            "pages": PATHS,
            "tabBar": {
                "list": [
                    {"pagePath": "pages/tab1/tab1", "text": "One"},
                    {"pagePath": "pages/tab2/tab2", "text": "Two"},
                ]
            },
        }
    ),
    "app.py": APP,
    **{path + ".py": PAGE for path in PATHS},
}


@pytest.fixture
def shop(kiosk):
    """A mini-program of five pages that print their hooks, running, its output so far skipped."""
    assert kiosk.run(FILES)["errMsg"] == "launch:ok"
    kiosk.seen = len(kiosk.output)
    return kiosk


def hooks(kiosk):
    """What has been printed since the last call, without the repeated parts of the paths."""
    lines = [line.replace("pages/", "") for line in kiosk.output[kiosk.seen :].splitlines()]
    kiosk.seen = len(kiosk.output)
    return [f"{line.split()[0].split('/')[0]} {' '.join(line.split()[1:])}" for line in lines]


def routes(kiosk):
    return [page["route"].split("/")[1] for page in kiosk.pages()]


def test_launch_order(kiosk):
    kiosk.program(FILES)
    kiosk.launch("test", query="x=1")
    assert kiosk.output.splitlines() == [
        "App onLaunch pages/a/a {'x': '1'} 1001",
        "App onShow",
        "pages/a/a onLoad {'x': '1'}",
        "pages/a/a onShow",
        "pages/a/a onReady",
    ]


def test_navigate_to(shop):
    assert shop.call("navigateTo", {"url": "/pages/b/b?id=%20"})["errMsg"] == "navigateTo:ok"
    assert hooks(shop) == ["a onHide", "b onLoad {'id': '%20'}", "b onShow", "b onReady"]
    assert routes(shop) == ["a", "b"]


def test_relative_urls(shop):
    assert shop.call("navigateTo", {"url": "../b/b"})["errMsg"] == "navigateTo:ok"
    assert shop.call("redirectTo", {"url": "./../c/c"})["errMsg"] == "redirectTo:ok"
    assert routes(shop) == ["a", "c"]


def test_redirect_to(shop):
    shop.call("navigateTo", {"url": "/pages/b/b"})
    hooks(shop)
    assert shop.call("redirectTo", {"url": "/pages/c/c"})["errMsg"] == "redirectTo:ok"
    assert hooks(shop) == ["b onUnload", "c onLoad {}", "c onShow", "c onReady"]
    assert routes(shop) == ["a", "c"]


def test_navigate_back_reveals_and_clamps(shop):
    shop.call("navigateTo", {"url": "/pages/b/b"})
    shop.call("navigateTo", {"url": "/pages/c/c"})
    hooks(shop)
    assert shop.call("navigateBack", {"delta": 99})["errMsg"] == "navigateBack:ok"
    assert hooks(shop) == ["c onUnload", "b onUnload", "a onShow"]
    answer = shop.call("navigateBack")
    assert answer["errMsg"] == "navigateBack:fail cannot navigate back at first page."


def test_relaunch_unloads_from_the_top(shop):
    shop.call("navigateTo", {"url": "/pages/b/b"})
    hooks(shop)
    assert shop.call("reLaunch", {"url": "/pages/c/c?n=1"})["errMsg"] == "reLaunch:ok"
    assert hooks(shop) == ["b onUnload", "a onUnload", "c onLoad {'n': '1'}", "c onShow", "c onReady"]
    assert routes(shop) == ["c"]


def test_switch_tab_keeps_tabs(shop):
    assert shop.call("switchTab", {"url": "/pages/tab1/tab1"})["errMsg"] == "switchTab:ok"
    assert hooks(shop) == ["a onUnload", "tab1 onLoad {}", "tab1 onShow", "tab1 onReady"]
    shop.call("switchTab", {"url": "/pages/tab2/tab2"})
    assert hooks(shop) == ["tab1 onHide", "tab2 onLoad {}", "tab2 onShow", "tab2 onReady"]
    shop.call("navigateTo", {"url": "/pages/b/b"})
    hooks(shop)
    shop.call("switchTab", {"url": "/pages/tab1/tab1"})
    assert hooks(shop) == ["b onUnload", "tab1 onShow"]
    assert routes(shop) == ["tab1"]
    shop.call("switchTab", {"url": "/pages/tab1/tab1"})
    assert hooks(shop) == []
    shop.call("reLaunch", {"url": "/pages/a/a"})
    assert hooks(shop)[:2] == ["tab1 onUnload", "tab2 onUnload"]


@pytest.mark.parametrize(
    ("api", "url", "reason"),
    [
        ("navigateTo", "/pages/tab1/tab1", "can not navigateTo a tabbar page"),
        ("redirectTo", "/pages/tab1/tab1", "can not redirectTo a tabbar page"),
        ("switchTab", "/pages/b/b", "can not switch to no-tabBar page"),
        ("navigateTo", "/pages/nowhere", 'page "pages/nowhere" is not found'),
        ("reLaunch", "pages/b/b", 'page "pages/a/pages/b/b" is not found'),
        ("redirectTo", "", 'page "pages/a" is not found'),
    ],
)
def test_wrong_routes_fail_and_change_nothing(shop, api, url, reason):
    answer = shop.call(api, {"url": url})
    assert answer["errMsg"] == f"{api}:fail {reason}"
    assert routes(shop) == ["a"]
    assert hooks(shop) == []


def test_depth_limit(shop):
    for _ in range(9):
        assert shop.call("navigateTo", {"url": "/pages/b/b"})["errMsg"] == "navigateTo:ok"
    answer = shop.call("navigateTo", {"url": "/pages/b/b"})
    assert answer["errMsg"] == "navigateTo:fail webview count limit exceed"
    assert len(shop.pages()) == 10


def test_depth_limit_of_old_base_libraries(kiosk):
    kiosk.run({**FILES, "kiosk.json": '{"libVersion": "1.6.9"}'}, appid="test")
    for _ in range(4):
        assert kiosk.call("navigateTo", {"url": "/pages/b/b"})["errMsg"] == "navigateTo:ok"
    assert kiosk.call("navigateTo", {"url": "/pages/b/b"})["errMsg"].startswith("navigateTo:fail webview")


def test_routes_queue_while_one_runs(kiosk):
    files = {
        **FILES,
        "pages/a/a.py": """
            @Page
            class A:
                def onLoad(self, query):
                    if "again" in query:
                        return
                    for name in "bcb":
                        wx.navigateTo(url="/pages/%s/%s" % (name, name), success=lambda res: print(res.errMsg))
                    print("asked")
            """,
    }
    kiosk.run(files)
    assert routes(kiosk) == ["a", "b", "c", "b"]
    lines = kiosk.output.splitlines()
    assert lines[2] == "asked"
    assert lines.index("pages/b/b onLoad {}") < lines.index("pages/c/c onLoad {}")
    assert lines.count("navigateTo:ok") == 3


def test_hide_and_show(shop):
    shop.hide()
    shop.hide()
    assert hooks(shop) == ["a onHide", "App onHide"]
    shop.show()
    assert hooks(shop) == ["App onShow", "a onShow"]


def test_event_channel_both_ways(kiosk):
    files = {
        **FILES,
        "pages/a/a.py": """
            @Page
            class A:
                def onLoad(self, query):
                    wx.navigateTo(
                        url="/pages/b/b",
                        events={"answer": lambda data: print("a hears", data)},
                        success=lambda res: res.eventChannel.emit("question", {"n": 1}),
                    )
            """,
        "pages/b/b.py": """
            @Page
            class B:
                def onLoad(self, query):
                    self.channel = self.getOpenerEventChannel()
                    self.channel.once("question", self.onQuestion)
                def onQuestion(self, data):
                    print("b hears", data)
                    self.channel.emit("answer", {"n": data["n"] + 1})
            """,
    }
    kiosk.run(files)
    kiosk.pages()
    assert kiosk.output.splitlines()[2:] == ["b hears {'n': 1}", "a hears {'n': 2}"]


def test_set_data_paths_and_page_instances(kiosk):
    files = {
        "pages/index/index.py": """
            @Page
            class Index:
                data = {"list": [{"name": "x"}], "n": 0}
                def onLoad(self, query):
                    if "second" in query:
                        return
                    self.setData({"list[0].name": "y", "a.b[1]": 5, "n": 1}, lambda: print("set", self.data["n"]))
                    wx.navigateTo(url="index?second=1")
            """
    }
    kiosk.run(files)
    first, second = kiosk.pages()
    assert first["data"] == {"list": [{"name": "y"}], "n": 1, "a": {"b": [None, 5]}}
    assert second["data"] == {"list": [{"name": "x"}], "n": 0}
    assert kiosk.output == "set 1\n"


def test_app_forms_and_globals(kiosk):
    files = {
        "app.py": 'App({"globalData": {"n": 1}, "onLaunch": lambda self, options: print("launched")})\n',
        "util.py": "def double(n):\n    return 2 * n\n",
        "pages/index/index.py": """
            import util
            Page({
                "data": {"n": 0},
                "onLoad": lambda self, query: self.setData({"n": util.double(getApp().globalData["n"])}),
                "onShow": lambda self: console.log(len(getCurrentPages()), getCurrentPages()[-1] is self),
            })
            """,
    }
    kiosk.run(files)
    assert kiosk.pages()[0]["data"] == {"n": 2}
    assert kiosk.output.splitlines() == ["launched", "1 True"]


def test_timers(kiosk):
    files = {
        "pages/index/index.py": """
            import time
            @Page
            class Index:
                def onLoad(self, query):
                    self.start = time.ticks_ms()
                    self.ticks = 0
                    setTimeout(self.tell, 30, "timeout", 1)
                    clearTimeout(setTimeout(self.tell, 5, "never", 0))
                    self.interval = setInterval(self.tick, 10)
                def tell(self, *args):
                    print(*args, time.ticks_diff(time.ticks_ms(), self.start) >= 30)
                def tick(self):
                    self.ticks += 1
                    if self.ticks == 5:
                        clearInterval(self.interval)
                        setTimeout(lambda: wx.exitMiniProgram(), 50)
                        print("ticks", self.ticks)
                def onUnload(self):
                    print("ticks at the end", self.ticks)
            """
    }
    kiosk.run(files)
    state = kiosk.wait(5000)
    assert state["running"] is None and state["failure"] == ""
    assert kiosk.output.splitlines() == ["timeout 1 True", "ticks 5", "ticks at the end 5"]


def test_exit_calls_success_then_hooks(kiosk):
    files = {
        "app.py": APP,
        "pages/index/index.py": """
            @Page
            class Index:
                def onShow(self):
                    wx.exitMiniProgram(success=lambda res: print(res.errMsg), complete=lambda res: print("complete"))
                def onHide(self):
                    print("page onHide")
                async def onUnload(self):
                    await wx.setStorage(key="last", data="saved")
                    print("page onUnload", wx.getStorageSync("last"))
            """,
    }
    kiosk.run(files)
    assert kiosk.wait(5000)["running"] is None
    assert kiosk.output.splitlines()[2:] == [
        "exitMiniProgram:ok",
        "complete",
        "page onHide",
        "App onHide",
        "page onUnload saved",
    ]


def test_can_i_use_and_launch_options(kiosk):
    kiosk.run()
    for schema, expected in [
        ("request", True),
        ("request.object.timeout", True),
        ("request.object.nonsense", False),
        ("request.object.success", True),
        ("request.success.statusCode", True),
        ("getSystemInfoSync.return.model", True),
        ("nonsense", False),
        ("navigateTo.object.url", True),
        ("", False),
    ]:
        assert kiosk.call("canIUse", [schema]) is expected, schema
    assert kiosk.call("getLaunchOptionsSync", [])["path"] == "pages/index/index"
    assert kiosk.exec("import wx; print(wx.env.USER_DATA_PATH)").strip() == "wxfile://usr"


def test_storage_takes_effect_in_the_order_of_the_calls(kiosk):
    files = {
        "pages/index/index.py": """
            @Page
            class Index:
                def onLoad(self, query):
                    data = [1]
                    wx.setStorage(key="k", data=data)
                    data.append(2)
                    wx.removeStorage(key="other")
                    wx.setStorage(key="other", data="last")
                    wx.getStorage(key="k", success=lambda res: print(res.data, wx.getStorageSync("other")))
                    print("called")
            """
    }
    kiosk.run(files)
    kiosk.wait(50)
    assert kiosk.output.splitlines() == ["called", "[1] last"]


def test_storage_is_each_mini_programs_own_and_outlives_it(kiosk):
    for appid in ("one", "two"):
        kiosk.run(appid=appid)
        assert kiosk.call("getStorageSync", ["k"]) == ""
        kiosk.call("setStorageSync", ["k", appid])
    for appid in ("one", "two"):
        kiosk.launch(appid)
        assert kiosk.call("getStorageSync", ["k"]) == appid
        assert kiosk.call("getStorageInfoSync", [])["keys"] == ["k"]
