"""
The running mini-program: what it is made of and what it has registered.  There is one at a time.

`current` is None between mini-programs.  The supervisor makes and ends it; the services under the API ask it for what
belongs to the mini-program (configuration, storage, listeners).
"""

import board
from kiosk.events import Emitter
from kiosk.tasks import launch

current = None  # MiniProgram or None


class MiniProgram:
    """One mini-program from launch to close.

    config: dict of app.json; settings: dict of kiosk.json; launch_options: {path, query, scene, ...}.

    Tuples of functions without arguments, to which services add their own, so that an idle mini-program holds none:
    at_close: give back what the service holds; at_hide: the mini-program goes into the background, or closes from the
    front; at_background: five seconds after it was hidden.  ends_itself: whether it closes without the console having asked.
    """

    at_close = at_hide = at_background = ()
    ends_itself = False

    def __init__(self, root, config, settings, launch_options):
        self.root = root
        self.appid = settings["appid"]
        self.config = config
        self.settings = settings
        self.launch_options = launch_options
        self.events = Emitter()  # the events of wx.onX that belong to no object
        self.instance = None  # what App() made; a bare object for a mini-program without app.py
        self.visible = True
        self.closing = False
        self._storage = None

    @property
    def storage(self):
        """Storage: the mini-program's own, made when first asked for."""
        if self._storage is None:
            from kiosk.storage import Storage

            self._storage = Storage(board.data_folder + "/" + self.appid + "/storage", board.storage_limit_bytes)
        return self._storage

    def hook(self, name, *args):
        """Call a life-cycle function of the App, if it has one."""
        function = getattr(self.instance, name, None)
        if function:
            launch(function, *args)

    def tab_paths(self):
        """The paths of the tab pages, in their order."""
        return [item["pagePath"] for item in self.config.get("tabBar", {}).get("list", ())]


def App(definition):
    """Register the mini-program's App: `@App` on a class, or a dict of its functions and fields."""
    if isinstance(definition, dict):
        definition = type("App", (), definition)
    current.instance = definition()
    return definition


def getApp():
    """The one instance of the App."""
    return current.instance
