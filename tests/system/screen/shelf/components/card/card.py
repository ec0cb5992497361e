@Component
class Card:
    properties = {"title": str, "count": int}
    externalClasses = ["accent"]

    def choose(self, event):
        self.setData({"count": self.data["count"] + 1})
        self.triggerEvent("chosen", {"title": self.data["title"]})
