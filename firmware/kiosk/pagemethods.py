"""What every page can do and few do, called with the page (createSelectorQuery by components, too); kiosk/page.py has the rest."""


def getOpenerEventChannel(page):
    """The EventChannel to the page that opened this one with navigateTo; one that nobody hears otherwise."""
    if page._events is None:
        from kiosk.channel import EventChannel

        page._events = EventChannel()
    return page._events


def selectComponent(page, selector):
    """The first custom component of the page's markup that a selector finds, or None."""
    return (selectAllComponents(page, selector) or [None])[0]


def selectAllComponents(page, selector):
    """List of all that it finds."""
    from kiosk.ui import query

    return query.components(page, selector)


def createSelectorQuery(page):
    """A wx.SelectorQuery of what is on the page, or in a component."""
    import wx

    return wx.createSelectorQuery().in_(page)


def getPageId(page):
    """str: what the components on the page have, too."""
    return "pageId:%d" % id(page)
