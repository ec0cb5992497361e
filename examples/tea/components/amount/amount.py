Component(
    {
        "properties": {"value": {"type": int, "value": 0}, "most": {"type": int, "value": 9}},
        "methods": {
            "onLess": lambda self, event: self.change(-1),
            "onMore": lambda self, event: self.change(1),
            "change": lambda self, by: self.triggerEvent(
                "change", {"value": max(0, min(self.data["most"], self.data["value"] + by))}
            ),
        },
    }
)
