@Page
class Menu:
    """What there is, and how much of it is wanted."""

    data = {
        "teas": [],
        "banners": [
            {"text": "Fresh this morning", "color": "#2f5d50"},
            {"text": "今日新茶", "color": "#8a5a44"},
        ],
    }

    def onShow(self):
        self.setData({"teas": getApp().globalData["teas"]})

    def onAmount(self, event):
        number = event.currentTarget.dataset.number
        getApp().globalData["teas"][number]["count"] = event.detail["value"]
        self.setData({"teas[%d].count" % number: event.detail["value"]})
