@Page
class Index:
    data = {
        "chosen": "nothing",
        "list": [
            {"name": "tea", "count": 1, "price": "3.50"},
            {"name": "coffee", "count": 3, "price": "4.20"},
            {"name": "milk", "count": 2, "price": "1.10"},
        ],
    }

    def chosen(self, event):
        self.setData({"chosen": event.detail["title"]})
