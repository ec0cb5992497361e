@Page
class Index:
    data = {"on": True, "far": 50}

    def onLoad(self, query):
        self.told = []

    def onChange(self, event):
        self.told.append((event.type, event.detail["value"]))

    def onForm(self, event):
        self.told.append((event.type, event.detail.get("value")))
