@Page
class Index:
    """Counts, up and down."""

    data = {"count": 0, "step": 1, "steps": [1, 5, 10]}

    def onAdd(self, event):
        self.setData({"count": self.data["count"] + self.data["step"]})

    def onTake(self, event):
        self.setData({"count": self.data["count"] - self.data["step"]})

    def onStep(self, event):
        self.setData({"step": event.currentTarget.dataset.step})

    def onList(self, event):
        wx.navigateTo(url="/pages/list/list")
