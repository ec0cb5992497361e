@Page
class Done:
    """The tea is being made."""

    data = {"cup": "", "sugar": "", "percent": 0}

    def onLoad(self, query):
        self.setData({"cup": query["cup"], "sugar": query["sugar"]})
        for teas in getApp().globalData["teas"]:
            teas["count"] = 0

    def onReady(self):
        self.setData({"percent": 100})
