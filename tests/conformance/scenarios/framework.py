"""Scenarios of what a mini-program finds without importing it; see tests/conformance/proof.py."""

_APP = """
@App
class Main:
    globalData = {"log": []}

    def onLaunch(self, options):
        self.globalData["log"].append("launch")

    def onShow(self, options):
        self.globalData["log"].append("show")

    def onHide(self):
        self.globalData["log"].append("hide")

    def onError(self, error):
        self.globalData["log"].append("error")
"""
_PAGE = """
@Page
class Index:
    data = {"n": 0}

    def onLoad(self, query):
        self.log = ["load"]
        self.setData({"n": 1, "list[1]": query.get("x")})

    def onShow(self):
        self.log.append("show")

    def onReady(self):
        self.log.append("ready")

    def onHide(self):
        self.log.append("hide")
"""


def _install():
    # A mini-program of its own, written as a host would.
    import os

    parts = ("/apps/framework", "/apps/framework/pages", "/apps/framework/pages/index")
    for folder in parts:
        try:
            os.mkdir(folder)
        except OSError:  # it is there
            pass
    for path, text in (
        ("/app.json", '{"pages": ["pages/index/index"]}'),
        ("/app.py", _APP),
        ("/pages/index/index.py", _PAGE),
    ):
        with open("/apps/framework" + path, "w") as file:
            file.write(text)


async def life(t):
    """App Page getApp"""
    from kiosk import router, supervisor

    _install()
    await supervisor.launch("framework", "x=5")
    page = router.stack[0]
    assert page.data == {"n": 1, "list": [None, "5"]} and page.log == ["load", "show", "ready"]
    supervisor.set_visible(False)
    assert page.log[3:] == ["hide"]
    assert getApp().globalData["log"] == ["launch", "show", "hide"]


async def life_stack(t):
    """getCurrentPages"""
    await wx.navigateTo(url="/pages/a/a")
    assert [page.route for page in getCurrentPages()] == ["pages/index/index", "pages/a/a"]


async def life_timers(t):
    """setTimeout"""
    heard = []
    setTimeout(lambda *args: heard.append(args), 5, 1, 2)
    clearTimeout(setTimeout(lambda: heard.append("never"), 1))
    interval = setInterval(lambda: heard.append("tick"), 1)
    await t.until(lambda: (1, 2) in heard and heard.count("tick") > 2)
    clearInterval(interval)
    count = len(heard)
    setTimeout(lambda: heard.append("last"), 20)
    await t.until(lambda: "last" in heard)
    assert len(heard) == count + 1 and "never" not in heard


async def life_console(t):
    """console"""
    import io

    from kiosk import log

    out, log.out = log.out, io.StringIO()
    try:
        for name in ("log", "info", "warn", "error", "debug"):
            getattr(console, name)(name, {"a": 1})
        assert log.out.getvalue() == "".join(name + " {'a': 1}\n" for name in ("log", "info", "warn", "error", "debug"))
    finally:
        log.out = out
