import wx


@Page
class Cart:
    """How it is wanted, and the order itself."""

    data = {"total": 0}

    def onShow(self):
        self.setData({"total": getApp().total()})

    async def onOrder(self, event):
        wanted = event.detail["value"]
        answer = await wx.showModal(
            title="Order", content="¥%d for %s?" % (self.data["total"], wanted["name"] or "you")
        )
        if not answer.confirm:
            return
        wx.showLoading(title="Brewing", mask=True)
        await wx.setStorage(key="order", data=wanted)
        wx.hideLoading()
        wx.navigateTo(url="/pages/done/done?cup=%s&sugar=%d" % (wanted["cup"], wanted["sugar"]))
