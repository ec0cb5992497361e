import wx


@Page
class Index:
    """Counts its visits in storage, which outlives the mini-program."""

    data = {"visits": 0}

    def onLoad(self, query):
        visits = (wx.getStorageSync("visits") or 0) + 1
        wx.setStorageSync("visits", visits)
        self.setData({"visits": visits})
        console.log("visit number", visits)
