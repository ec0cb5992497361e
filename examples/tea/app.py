@App
class TeaHouse:
    """Keeps what has been chosen while pages come and go."""

    def onLaunch(self, options):
        self.globalData = {
            "teas": [
                {"id": "green", "name": "Green 绿茶", "price": 12, "count": 0},
                {"id": "black", "name": "Black 红茶", "price": 14, "count": 0},
                {"id": "oolong", "name": "Oolong 乌龙", "price": 18, "count": 0},
                {"id": "white", "name": "White 白茶", "price": 22, "count": 0},
            ]
        }

    def total(self):
        """The price of all that is ordered."""
        return sum([tea["price"] * tea["count"] for tea in self.globalData["teas"]])
