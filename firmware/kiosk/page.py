"""
Pages: what `Page` registers and what every page can do.

The screen hears of a page only through `ui.screen`, so pages run as well on a board that has none.
"""

from kiosk import datapath, ui
from kiosk.tasks import launch

_registered = None  # the class that the page script being loaded has registered


class BasePage:
    """What a page's class is joined with.  Attributes: data (dict), route (str), options (dict of the query)."""

    data = {}
    _events = None

    def setData(self, data, callback=None):
        """Change `data` by its path keys (`{"list[0].name": value}`), tell the screen, then call `callback()`."""
        if not isinstance(data, dict):
            raise TypeError("setData: data should be Object")
        from kiosk.ui import datasize

        datasize.check(data)
        for path, value in data.items():
            datapath.assign(self.data, path, value)
        ui.screen.changed(self, data)
        if callback is not None:
            launch(callback)

    def __getattr__(self, name):
        if name not in (
            "getOpenerEventChannel",
            "selectComponent",
            "selectAllComponents",
            "createSelectorQuery",
            "getPageId",
        ):
            raise AttributeError(name)
        from kiosk import pagemethods  # few pages call them: loaded with the first that does

        return lambda *args: getattr(pagemethods, name)(self, *args)


def Page(definition):
    """Register the page of this script: `@Page` on a class, or a dict of its data and functions."""
    global _registered
    if isinstance(definition, dict):
        _registered = type("Page", (BasePage,), definition)
    else:
        _registered = type(definition.__name__, (definition, BasePage), {})
    return definition


def take_registered():
    """The class registered since the last call, or None."""
    global _registered
    taken, _registered = _registered, None
    return taken


def create(page_class, route, query, events):
    """Make a page of its class; it is not shown and no hook has run."""
    page = page_class()
    page.data = datapath.copy(page_class.data)
    page.route = route
    page.options = query
    page._events = events
    return page


def hook(page, name, *args):
    """Call a life-cycle function of a page, if it has one, and tell the screen of it: what the page is made of may care."""
    told = getattr(ui.screen, "happened", None)
    if told and name == "onReady":
        told(page, name)
    function = getattr(page, name, None)
    if function:
        launch(function, *args)
    if told and name != "onReady":
        told(page, name)
