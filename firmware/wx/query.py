"""Chapter "WXML": where elements are.  What finds them: kiosk/ui/query.py."""

from kiosk import api, log, router
from kiosk.errors import KioskError
from kiosk.page import BasePage
from kiosk.tasks import finished, launch, spawn

_RECT = {"id": True, "dataset": True, "rect": True, "size": True}
_SCROLL = {"id": True, "dataset": True, "scrollOffset": True}
_CONTEXT = {"context": True}
_NODE = {"node": True}
_REF = {"ref": True}


def _wrong(name, text):
    return api.Error(api.failure(name, KioskError("parameter", text)))


class NodesRef:
    """What SelectorQuery.select and its kin return: says what is asked of the elements, and returns the query again.

    Each takes a function that is called with the answer: a Result, None where there is no such element; for selectAll a list.
    """

    def __init__(self, query, parsed, single):
        self._query = query
        self._parsed = parsed  # None: the page's part of the screen
        self._single = single

    def boundingClientRect(self, callback=None):
        """Ask for id, dataset, left, top, right, bottom, width and height: px from the corner of what is seen of the page."""
        return self._ask(_RECT, callback)

    def scrollOffset(self, callback=None):
        """Ask for id, dataset, scrollLeft, scrollTop, scrollWidth and scrollHeight (px)."""
        return self._ask(_SCROLL, callback)

    def context(self, callback=None):
        """Ask for `context`: of a <canvas> its CanvasContext, else None."""
        return self._ask(_CONTEXT, callback)

    def node(self, callback=None):
        """Ask for `node`, which is None: no element of a kiosk's is handed out."""
        return self._ask(_NODE, callback)

    def ref(self, callback=None):
        """Ask for `ref`, which is None: Skyline's references, for its worklets, have no other side here."""
        return self._ask(_REF, callback)

    def fields(self, fields, callback=None):
        """Ask for what `fields` (dict) names.

        id, dataset, mark, rect, size, scrollOffset, context, node (bool); properties, computedStyle (lists of names).
        """
        if not isinstance(fields, dict):
            raise _wrong("fields", "parameter.fields should be Object instead of %s;" % api.type_name(fields))
        for name in ("properties", "computedStyle"):
            names = fields.get(name)
            if names is not None and not (
                isinstance(names, (list, tuple)) and all(isinstance(each, str) for each in names)
            ):
                raise _wrong("fields", "parameter.fields.%s should be Array of String;" % name)
        return self._ask(dict(fields), callback)

    def _ask(self, fields, callback):
        if callback is not None and not callable(callback):
            raise _wrong("exec", "parameter.callback should be Function instead of %s;" % api.type_name(callback))
        self._query._asked.append((self._parsed, self._single, fields, callback))
        return self._query


class SelectorQuery:
    """What wx.createSelectorQuery returns: collects questions, which exec() answers when the loop turns next.

    `in` is a word of Python's, so it is in_() here (and getattr(query, "in")).
    """

    def __init__(self, page):
        self._holder = page
        self._asked = []

    def in_(self, component):
        """Look among what is in this component, or on this page."""
        if not isinstance(component, BasePage) and not hasattr(component, "_custom"):
            raise _wrong("in", "parameter.component should be a component or a page;")
        self._holder = component
        return self

    def select(self, selector):
        """The first element that a selector finds: class, #id, element, descendant, `>`, `>>>` into components, `,`."""
        return NodesRef(self, _parsed("select", selector), True)

    def selectAll(self, selector):
        """All that it finds."""
        return NodesRef(self, _parsed("selectAll", selector), False)

    def selectViewport(self):
        """What is seen of the page."""
        return NodesRef(self, None, True)

    def exec(self, callback=None):
        """Answer: each question's function, then `callback` with the list of all answers."""
        if callback is not None and not callable(callback):
            raise _wrong("exec", "parameter.callback should be Function instead of %s;" % api.type_name(callback))
        spawn(self._answer(list(self._asked), callback))

    async def _answer(self, asked, callback):
        try:
            answers = [self._one(parsed, single, fields) for parsed, single, fields, _ in asked]
            for answer, (_, _, _, heard) in zip(answers, asked):
                if heard:
                    launch(heard, answer)
            if callback:
                launch(callback, answers)
        finally:
            finished()

    def _one(self, parsed, single, fields):
        from kiosk.ui import query

        owner = getattr(self._holder, "_custom", None)
        page = owner.page if owner else self._holder
        view = query.view_of(page) if isinstance(page, BasePage) else None
        if view is None:
            log.warn("query", "nothing is found: nothing of this is on a screen")
            return None if single else []
        if parsed is None:
            return self._described(query, view, page, None, fields)
        nodes = query.find(page, owner, parsed)
        if single:
            return self._described(query, view, page, nodes[0], fields) if nodes else None
        return [self._described(query, view, page, node, fields) for node in nodes]

    def _described(self, query, view, page, node, fields):
        answer = query.described(view, node, fields)
        for handle in ("node", "ref"):
            if fields.get(handle):
                answer[handle] = None
        if fields.get("context"):
            answer["context"] = None
            if node and node.tag == "canvas" and node.get("canvas-id"):
                from wx.canvas import createCanvasContext

                answer["context"] = createCanvasContext(str(node.get("canvas-id")), page)
        return answer


setattr(SelectorQuery, "in", SelectorQuery.in_)


def _parsed(name, selector):
    from kiosk.ui import query

    if not isinstance(selector, str):
        raise _wrong(name, "parameter.selector should be String instead of %s;" % api.type_name(selector))
    try:
        return query.parse(selector)
    except ValueError as exc:
        raise _wrong(name, "parameter.selector: %s;" % exc)


def createSelectorQuery():
    """Return a SelectorQuery of the page that is shown."""
    return SelectorQuery(router.stack[-1] if router.stack else None)
