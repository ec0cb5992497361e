"""
How an event gets from the element that it happened to to the page's functions, as WeChat has it.

First the capture phase, from the page down to the target (`capture-bind`, `capture-catch`), then the bubbling phase, from
the target up (`bind`, `catch`, `mut-bind`); `catch` ends it there, and of all `mut-bind` only the first is called.  Events
of components (input, change, scroll ...) do not bubble.

In the markup of a custom component the functions are that component's, and so on outwards.  What is in a component is no
business of those outside: they see its own element as the target.
"""

import time

from kiosk import log
from kiosk.api import Result
from kiosk.tasks import launch
from kiosk.ui.node import pixels

_BIND = const(0)
_CATCH = const(1)
_CAPTURE_BIND = const(2)
_CAPTURE_CATCH = const(3)
_MUT_BIND = const(4)
_MODEL = const(5)

_BUBBLING = (
    "touchstart", "touchmove", "touchcancel", "touchend", "tap", "longpress", "longtap", "touchforcechange",
    "transitionend", "animationstart", "animationiteration", "animationend",
)  # fmt: skip


def dispatch(page, node, name, detail=None, touches=(), changed_touches=None, time_ms=None):
    """
    Tell the page's functions of an event; return how many were called.

    page: the Page that they belong to; node: where it happened (for a Text, the element it is in); name: "tap"; detail: the
    event's own; touches, changed_touches: lists of dicts; time_ms: when, by default now.
    """
    if node.tag == "#text":
        node = node.parent
    time_ms = time.ticks_ms() if time_ms is None else time_ms
    common = (name, {} if detail is None else detail, list(touches), list(changed_touches or touches), time_ms)
    return _travel(page, _path(node, name in _BUBBLING, True), common, True)


def trigger(page, node, name, detail=None, bubbles=False, composed=False, captures=False):
    """
    A custom component tells of an event of its own.

    node: its element; bubbles: those around it hear of it, too, if composed also in the components that it has been put
    into; captures: there is a capture phase.
    """
    common = (name, {} if detail is None else detail, [], [], time.ticks_ms())
    return _travel(page, _path(node, bubbles, composed), common, captures)


def _path(node, bubbles, composed):
    """The nodes that hear of what happens to the first of them."""
    path = [node]
    while bubbles and path[-1].parent is not None:
        path.append(path[-1].parent)
    return path if composed else [each for each in path if each.owner is node.owner]


def _travel(page, path, common, captures):
    target = path[0]
    called, caught = 0, False
    if captures:
        called, caught = _run(page, reversed(path), target, common, (_CAPTURE_BIND,), _CAPTURE_CATCH)
    if not caught:
        called += _run(page, path, target, common, (_BIND, _MUT_BIND, _MODEL), _CATCH)[0]
    return called


def _run(page, path, target, common, kinds, catching):
    """(how many functions were called, whether one caught the event) for one phase."""
    called = 0
    is_mutual = True
    for node in path:
        handlers = node.template[3]
        owner = node.owner
        holder = owner.instance if owner else page
        caught = False
        for at in range(0, len(handlers), 3):
            kind = handlers[at + 1]
            if handlers[at] != common[0] or (kind not in kinds and kind != catching):
                continue
            if kind == _MODEL:
                _set_model(holder, handlers[at + 2], common[1])
                continue
            caught = caught or kind == catching
            if kind != _MUT_BIND or is_mutual:
                name = handlers[at + 2] or node.get("@" + common[0])
                called += _call(holder, name, _event(node, _seen_from(node, target), common))
            is_mutual = is_mutual and kind != _MUT_BIND
        if caught:
            return called, True
    return called, False


def _seen_from(node, target):
    """The element that the markup in which `node` stands knows as the target."""
    while target.owner is not node.owner and target is not node:
        target = target.parent
    return target


def _call(holder, name, event):
    if not isinstance(name, str) or not name:
        return 0  # `catchtap=""` only catches
    function = getattr(holder, name, None)
    if not callable(function):
        where = getattr(holder, "is_", None) or holder.route
        log.warn(where, 'no function "%s" to handle event "%s"', name, event["type"])
        return 0
    call = getattr(holder, "_tell", None)  # a component's own errors are for its lifetimes, too
    if call:
        call(name, event)
    else:
        launch(function, event)
    return 1


def _set_model(holder, names, detail):
    """`model:value="{{name}}"`: what the input holds is in the data of the page or the component."""
    path, _, field = names.partition("=")
    if field in detail or "value" in detail:
        holder.setData({path: detail[field if field in detail else "value"]})


def _event(current, target, common):
    name, detail, touches, changed_touches, time_ms = common
    event = Result(type=name, timeStamp=time_ms, detail=detail, target=_described(target))
    event["currentTarget"] = event["target"] if current is target else _described(current)
    event["touches"], event["changedTouches"] = touches, changed_touches
    return event


def _described(node):
    """What `target` and `currentTarget` are."""
    left, top, _, _ = pixels(node)
    return Result(id=node.get("id", ""), dataset=dataset(node), offsetLeft=left, offsetTop=top)


def dataset(node):
    """Result: the `data-` attributes of an element, `data-item-id` as itemId."""
    found = Result()
    static = node.template[1]
    for at in range(0, len(static), 2):
        if static[at].startswith("data-"):
            found[static[at][5:]] = static[at + 1]
    for name, value in (node.values or {}).items():
        if name.startswith("data-"):
            found[name[5:]] = value
    return found


def catches(node, name):
    """bool: whether an element keeps an event from those that it is in."""
    handlers = () if node.tag == "#text" else node.template[3]
    return any(
        handlers[at] == name and handlers[at + 1] in (_CATCH, _CAPTURE_CATCH) for at in range(0, len(handlers), 3)
    )
