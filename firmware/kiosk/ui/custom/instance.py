"""What every custom component can do: `self` in its functions."""

from kiosk import datapath, log, pagemethods, ui
from kiosk.tasks import is_coroutine, launch
from kiosk.ui import event, expression

_DEEPEST = const(8)  # setData within an observer within setData ...


class BaseComponent:
    """
    What a component's class is joined with.

    data: dict, its own and its properties; properties is the same dict.  is_: its path (`is` is a word of Python's).
    """

    _custom = None  # customs.Custom, while it is on a page
    _own = ()  # names of the properties whose value is no longer its user's
    _depth = 0

    def setData(self, data, callback=None):
        """Change `data` by its path keys, call the observers of what is in it, show it, then call `callback()`."""
        if not isinstance(data, dict):
            raise TypeError("setData: data should be Object")
        from kiosk.ui import datasize

        datasize.check(data)
        for path in data:
            if "." in path or "[" in path:
                datapath.parse(path)  # before anything is changed
        changes = self._assigned(data)
        self._observed(changes)
        custom = self._custom
        if custom:
            ui.screen.changed(custom.page, changes, custom)
            custom.tell_model(changes)
        if callback is not None:
            launch(callback)

    def _given(self, name, value, changes):
        """Its user gives it an attribute; `changes` as in _assigned()."""
        if name in self._definition.properties:
            changes[name] = self.data[name]
            self.data[name] = self._definition.converted(name, value)
            self._own = tuple(each for each in self._own if each != name)

    def _assigned(self, data):
        """Put values into the data; dict of path -> value before, of those paths that are a whole property, else None."""
        definition = self._definition
        changes = {}
        for path, value in data.items():
            root = path.partition(".")[0].partition("[")[0]
            changes[path] = None
            if root in definition.properties:
                if path == root:
                    changes[path] = self.data.get(root)
                    value = definition.converted(root, value)
                elif root not in self._own:
                    # Its user's list is its user's: what changes is a copy.
                    self.data[root] = datapath.copy(self.data[root])
                    self._own += (root,)
            datapath.assign(self.data, path, value)
        return changes

    def _observed(self, changes):
        """Call the observers of these paths, as _assigned() gives them."""
        if self._depth >= _DEEPEST:
            log.error(self.is_, "observers set what they observe, without end")
            return
        self._depth += 1
        try:
            definition = self._definition
            for name, before in changes.items():
                observer = name in definition.properties and definition.properties[name][2]
                now = self.data.get(name)
                if observer and (before is not now and before != now or isinstance(now, (list, dict))):
                    self._tell(observer, now, before, [name])
            paths = [path.replace("[", ".").replace("]", "") for path in changes]
            for observed, function in definition.observers:
                if any(_concerns(path, changed) for path in observed for changed in paths):
                    self._tell(function, *[_at(self.data, path) for path in observed])
        finally:
            self._depth -= 1

    def _tell(self, function, *args):
        """Call one of the component's functions, given itself or by name."""
        if isinstance(function, str):
            named = getattr(self, function, None)
            if not callable(named):
                log.warn(self.is_, 'no function "%s"', function)
                return
            launch(self._watched, named, *args)
        else:
            launch(self._watched, function, self, *args)

    def _watched(self, function, *args):
        """Call a function; `lifetimes.error` hears of what it raises, and so does the mini-program."""
        try:
            result = function(*args)
        except Exception as exc:
            self._failed(exc)
            raise
        return self._awaited(result) if is_coroutine(result) else result

    async def _awaited(self, coroutine):
        try:
            await coroutine
        except Exception as exc:
            self._failed(exc)
            raise

    def _failed(self, exc):
        for function in self._definition.lifetimes.get("error", ()):
            launch(function, self, exc)

    def _lifetime(self, name, *args):
        for function in self._definition.lifetimes.get(name, ()):
            self._tell(function, *args)

    @property
    def id(self):
        """str: the id that its user has given it."""
        return self._custom.node.get("id", "") if self._custom else ""

    @property
    def dataset(self):
        """Result: its `data-` attributes."""
        return event.dataset(self._custom.node) if self._custom else {}

    def triggerEvent(self, name, detail=None, options=None, **more):
        """Tell its user of an event: options (or keywords) bubbles, composed, capturePhase, all False."""
        if self._custom:
            options = more if options is None else options
            event.trigger(self._custom.page, self._custom.node, name, detail, options.get("bubbles"),
                          options.get("composed"), options.get("capturePhase"))  # fmt: skip

    def selectComponent(self, selector):
        """The first component of its markup that a selector finds, or None."""
        return (self.selectAllComponents(selector) or [None])[0]

    def selectAllComponents(self, selector):
        """List of all that it finds."""
        from kiosk.ui import query

        return query.components(self, selector) if self._custom else []

    def selectOwnerComponent(self):
        """The component or page in whose markup it stands, or None."""
        custom = self._custom
        return custom and (custom.node.owner.exported() if custom.node.owner else custom.page)

    def createSelectorQuery(self):
        """A wx.SelectorQuery of what is in it."""
        return pagemethods.createSelectorQuery(self)

    def hasBehavior(self, behavior):
        """bool: whether it has a behavior, directly or through another one."""
        return behavior in self._definition.behaviors

    def getPageId(self):
        """str: the same for all components of a page, and for no other page's."""
        return "pageId:%d" % id(self._custom.page) if self._custom else ""

    def groupSetData(self, callback=None):
        """Call `callback()`; several setData are one paint in any case."""
        if callback is not None:
            launch(callback)


def _concerns(observed, changed):
    """Whether a change of one path is one of what an observer has asked for: `a` or above it; with `**` below it, too."""
    observed = observed.replace("[", ".").replace("]", "")
    if observed == "**":
        return True
    if observed.endswith(".**"):
        observed = observed[:-3]
        if changed.startswith(observed + "."):
            return True
    return observed == changed or observed.startswith(changed + ".")


def _at(data, path):
    """What an observer is told of a path: None for what is not there."""
    if path == "**":
        return data
    for key in datapath.parse(path[:-3] if path.endswith(".**") else path):
        data = expression.member(data, key)
    return None if data is expression.undefined else data
