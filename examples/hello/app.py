@App
class Hello:
    """Counts its launches in storage, which outlives it."""

    launches = 0

    def onLaunch(self, options):
        self.launches = (wx.getStorageSync("launches") or 0) + 1
        wx.setStorageSync("launches", self.launches)
        console.log("launch number", self.launches)
