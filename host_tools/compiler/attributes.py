"""The attributes of an element: what of them is constant, what is an expression, which functions hear of events."""

import re
from dataclasses import dataclass
from typing import Dict, List, Mapping, Tuple

from host_tools.compiler import components, markup
from host_tools.compiler.custom import Component
from host_tools.compiler.expression import Expression, compile_expression
from host_tools.compiler.markup import Attribute, Element
from host_tools.compiler.source import Folder, Source
from host_tools.compiler.values import Declarations
from host_tools.compiler.wxss import inline_style

# The kinds of handlers, as event.py has them.
_HANDLERS = {"bind": 0, "catch": 1, "capture-bind": 2, "capture-catch": 3, "mut-bind": 4}
_MODEL = 5
_EVENT = re.compile(r"(capture-bind|capture-catch|mut-bind|bind|catch):?(.+)")
CONTROL = ("wx:if", "wx:elif", "wx:else", "wx:for", "wx:for-items", "wx:for-item", "wx:for-index", "wx:key")
_MODEL_EVENTS = {"value": "input", "checked": "change"}

Loops = Mapping[str, int]


@dataclass(frozen=True)
class Style:
    """Stands for the two tuples of a `style` attribute until its declarations are understood."""

    block: int


def expression(source: Source, attribute: Attribute, loops: Loops) -> Expression:
    """An attribute's value as one expression, text included."""
    return joined(source, markup.split(source, attribute.text or "", attribute.offset), loops, str)


def joined(source: Source, parts, loops: Loops, text_of) -> Expression:
    """What split() has found as one expression; text_of(text): how what is outside of `{{ }}` is shown."""
    if len(parts) == 1 and parts[0].is_expression:
        return compile_expression(source, parts[0].offset, parts[0].text, loops)
    codes, reads = [], []
    for part in parts:
        if part.is_expression:
            made = compile_expression(source, part.offset, part.text, loops)
            codes.append(made.code)
            reads += made.reads
        else:
            codes.append(repr(text_of(part.text)))
    if len(codes) == 1:
        return Expression(codes[0], ())
    return Expression(f"x.joined({', '.join(codes)})" if codes else "''", tuple(dict.fromkeys(reads)))


class Attributes:
    """Compiles those of a page's elements; uses: the tags that are custom components."""

    def __init__(self, folder: Folder, declarations: Declarations, uses: Dict[str, Component]):
        self._folder = folder
        self._declarations = declarations
        self._uses = uses

    def of(self, source: Source, element: Element, loops: Loops):
        """(flat tuple of constants, [(name, Expression)], flat tuple of handlers)."""
        static: list = []
        bindings: List[Tuple[str, Expression]] = []
        handlers: list = []
        for attribute in element.attributes.values():
            name, text = attribute.name, attribute.text
            if name in CONTROL:
                continue
            if name == "slot":  # settled where it stands
                if text and "{{" in text:
                    raise source.fault(attribute.offset, "slot wants a name without {{ }}")
                continue
            event = _EVENT.fullmatch(name)
            if event:
                made = _handler(source, attribute, event, loops)
                handlers += (event.group(2), _HANDLERS[event.group(1)], made if isinstance(made, str) else "")
                if not isinstance(made, str):
                    bindings.append(("@" + event.group(2), made))
                continue
            if name.startswith("model:"):
                name = name[6:]
                handlers += self._model(source, attribute, element.tag, name, loops)
            name = self._known_name(source, element, attribute, name)
            if text is not None and "{{" in text:
                made = expression(source, attribute, loops)
                if name in ("class", "style", "id"):
                    made = Expression(f"x.shown({made.code})", made.reads)
                bindings.append((name, made))
            elif name == "style":
                static += (name, Style(inline_style(source, attribute.offset, text or "", self._declarations)))
            else:
                static += (name, True if text is None else markup.shown(text, True))
                if name == "hidden" and text is not None:
                    self._folder.warn(
                        source.place(attribute.start), f'hidden="{text}" hides: it is text, write {{{{{text}}}}}'
                    )
        return tuple(static), bindings, tuple(handlers)

    def _known_name(self, source: Source, element: Element, attribute: Attribute, name: str) -> str:
        """An attribute's name as the kiosk has it; a warning for one that means nothing."""
        if name.startswith("data-"):
            words = name[5:].lower().split("-")  # WeChat: data-item-id is dataset.itemId, data-itemID is itemid
            return "data-" + words[0] + "".join(word.capitalize() for word in words[1:])
        custom = self._uses.get(element.tag)
        known = components.has_attribute("view" if custom else element.tag, name)
        if custom and name in custom.external:
            return name
        if custom and not known:
            name = _camel(name)
            known = custom.properties is None or name in custom.properties
        if not name.startswith("aria-") and not known:
            self._folder.warn(
                source.place(attribute.start), f"<{element.tag}> has no {attribute.name}: it means nothing"
            )
        return name

    def _model(self, source: Source, attribute: Attribute, tag: str, name: str, loops: Loops) -> tuple:
        """`model:value="{{name}}"`: the input's event sets the data (WeChat: one name of the data, no path).

        A custom component's setData does it itself: its handler waits for no event.
        """
        made = expression(source, attribute, loops) if attribute.text else None
        if made is None or not re.fullmatch(r"[^\W\d]\w*", made.path) or made.path in loops:
            raise source.fault(attribute.offset, f"model:{name} wants {{{{ }}}} with one name of the page's data")
        if tag in self._uses:
            return ("", _MODEL, f"{made.path}={_camel(name)}")
        return (_MODEL_EVENTS.get(name, "change"), _MODEL, f"{made.path}={name}")


def _handler(source: Source, attribute: Attribute, event, loops: Loops):
    """A function's name, or the Expression that gives it."""
    if attribute.text and "{{" in attribute.text:
        return expression(source, attribute, loops)
    return (attribute.text or "").strip()


def _camel(name: str) -> str:
    """`my-name` as myName, as WeChat calls properties."""
    first, *words = name.split("-")
    return first + "".join(word[:1].upper() + word[1:] for word in words)
