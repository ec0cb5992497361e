@Page
class Pickers:
    data = {"colors": [{"name": "red"}, {"name": "green"}, {"name": "深蓝色"}], "years": [2020, 2021, 2022, 2023, 2024]}

    def onLoad(self, query):
        self.told = []

    def on(self, event):
        self.told.append((event.type, event.detail.get("value")))
