import wx


@Page
class Index:
    """Asks the server for a greeting, keeps it, and opens the page that shows it."""

    data = {"state": "asking"}

    def onLoad(self, query):
        wx.request(
            url="http://%s/greeting.json" % query["server"],
            success=self.onGreeting,
            fail=lambda res: self.setData({"state": res.errMsg}),
            complete=lambda res: console.log(self.data["state"]),
        )

    def onGreeting(self, res):
        wx.setStorageSync("greeting", res.data)
        self.setData({"state": "answered with status %d" % res.statusCode})
        wx.navigateTo(url="/pages/greeting/greeting?from=index")

    def onShow(self):
        console.log("index is shown with", len(getCurrentPages()), "page(s) open")
        if self.data["state"] != "asking" and "tour" in self.options:
            wx.exitMiniProgram()
