"""WXML text to a tree of elements, each of which knows its place."""

import html
import re
from dataclasses import dataclass, field
from typing import Dict, List, Optional, Union

from lark import Lark, Token
from lark.exceptions import UnexpectedInput

from host_tools.compiler.source import Source

# What is between `{{` and `}}`; strings in it may hold braces, and an object may end right before the end.
_MUSTACHE = r"\{\{(?:[^}'\"]|'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"|\}(?!\})|\}(?=\}\}))*\}\}"
_GRAMMAR = r"""
    start: (open | CLOSE | TEXT | COMMENT | SCRIPT)*
    open: OPEN attribute* (END | SELF_CLOSED)
    attribute: NAME ["=" VALUE]

    OPEN: /<[A-Za-z][\w.:-]*/
    CLOSE.2: /<\/[A-Za-z][\w.:-]*\s*>/
    SCRIPT.3: /<wxs\b[\s\S]*/
    COMMENT.3: /<!--[\s\S]*?-->/
    TEXT.2: /(?:[^<{]|\{(?!\{)|MUSTACHE)+/
    END: ">"
    SELF_CLOSED.2: "/>"
    NAME: /[^\s"'<>\/={}]+/
    VALUE: /"[^"]*"|'[^']*'/
    %ignore /\s+/
""".replace("MUSTACHE", _MUSTACHE)
_PARSER = Lark(_GRAMMAR, parser="lalr", lexer="contextual")
_MUSTACHES = re.compile(_MUSTACHE)
_REASONS = (
    ("{{", "{{ is never closed"),
    ("<!--", "a comment is never closed"),
    ('"', "a quote is never closed, or stands where none belongs"),
    ("'", "a quote is never closed, or stands where none belongs"),
)
_DEEPEST = 24  # elements within elements: laying one out is a call within a call, and a board's stack is 16 KB


@dataclass(frozen=True)
class Attribute:
    """One attribute: `text` (None without a value) begins at the character `offset`, the name at `start`."""

    name: str
    text: Optional[str]
    start: int
    offset: int


@dataclass
class Element:
    """One element.  `children` holds elements and texts in their order."""

    tag: str
    start: int
    attributes: Dict[str, Attribute] = field(default_factory=dict)
    children: List[Union["Element", "Text"]] = field(default_factory=list)


@dataclass(frozen=True)
class Text:
    """Text between tags, `{{ }}` and entities as they were written."""

    text: str
    start: int


@dataclass(frozen=True)
class Part:
    """A piece of text, or what stands between `{{` and `}}`; `offset` is that of its first character."""

    text: str
    offset: int
    is_expression: bool


def parse(source: Source) -> Element:
    """The file as one element without a tag; CompileError with the place of what is wrong."""
    try:
        tree = _PARSER.parse(source.text)
    except UnexpectedInput as error:
        raise _refusal(source, error) from error
    top = Element("", 0)
    open_elements = [top]
    for item in tree.children:
        if not isinstance(item, Token):
            _open(source, item.children, open_elements)
        elif item.type == "CLOSE":
            _close(source, item, open_elements)
        elif item.type == "TEXT":
            open_elements[-1].children.append(Text(str(item), item.start_pos))
        elif item.type == "SCRIPT":
            raise source.fault(item.start_pos, "<wxs>: a kiosk runs Python, not JavaScript; compute it in the page")
    if len(open_elements) > 1:
        unclosed = open_elements[-1]
        raise source.fault(unclosed.start, f"<{unclosed.tag}> is never closed")
    return top


def _open(source, parts, open_elements):
    start, *attributes, end = parts
    element = Element(str(start)[1:], start.start_pos)
    for attribute in attributes:
        name, value = attribute.children
        if str(name) in element.attributes:
            raise source.fault(name.start_pos, f"{name} is given twice")
        text, offset = (None, name.end_pos) if value is None else (str(value)[1:-1], value.start_pos + 1)
        element.attributes[str(name)] = Attribute(str(name), text, name.start_pos, offset)
    open_elements[-1].children.append(element)
    if end.type == "END":
        open_elements.append(element)
    if len(open_elements) > _DEEPEST + 1:  # the file itself is one
        raise source.fault(element.start, f"elements nested deeper than {_DEEPEST} levels")


def _close(source, token, open_elements):
    tag = str(token)[2:-1].strip()
    if len(open_elements) == 1:
        raise source.fault(token.start_pos, f"</{tag}> closes nothing")
    element = open_elements.pop()
    if element.tag != tag:
        place = source.place(element.start).partition(":")[2]
        raise source.fault(token.start_pos, f"</{tag}> where </{element.tag}> is due (opened at {place})")


def _refusal(source: Source, error: UnexpectedInput):
    token = getattr(error, "token", None)
    if token is not None and token.type == "$END":
        return source.fault(max(0, source.text.rfind("<")), "the file ends within a tag")
    offset = error.pos_in_stream
    text = source.text[offset:]
    if _MUSTACHES.match(text):
        return source.fault(offset, "{{ }} where an attribute's name is due")
    for start, reason in _REASONS:
        if text.startswith(start):
            return source.fault(offset, reason)
    return source.fault(offset, f"unexpected {text.split()[0]!r}")


def split(source: Source, text: str, offset: int) -> List[Part]:
    """The parts of a text or of an attribute's value."""
    parts, at = [], 0
    for match in _MUSTACHES.finditer(text):
        if match.start() > at:
            parts.append(Part(text[at : match.start()], offset + at, False))
        parts.append(Part(match.group()[2:-2], offset + match.start() + 2, True))
        at = match.end()
    rest = text[at:]
    if "{{" in rest:
        raise source.fault(offset + at + rest.index("{{"), "{{ is never closed")
    if rest:
        parts.append(Part(rest, offset + at, False))
    return parts


def shown(text: str, keeps_lines: bool) -> str:
    """What a piece of text between tags looks like: entities and `\\n` replaced, white space as the component wants it."""
    text = html.unescape(text.replace("\\n", "\n" if keeps_lines else " "))
    return text if keeps_lines else re.sub(r"[ \t\n]+", " ", text)
