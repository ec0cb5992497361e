@Page
class Fields:
    data = {"text": "below the keyboard"}

    def onLoad(self, query):
        self.told = []

    def on(self, event):
        self.told.append(event.type)
