import wx


@Page
class Greeting:
    """Shows what the first page has kept, then goes back to it."""

    data = {"greeting": {"text": ""}}

    async def onLoad(self, query):
        kept = await wx.getStorage(key="greeting")
        self.setData({"greeting": kept.data, "greeting.languages[0]": "中文"})
        console.log(self.data["greeting"]["text"], "in", ", ".join(self.data["greeting"]["languages"]))
        await wx.navigateBack()
