"""
The expressions of `{{ }}`, compiled to Python over the small functions of firmware/kiosk/ui/expression.py.

The language is WeChat's: literals, names, members, indexes, arithmetic, comparison, logic, `?:`, lists and objects with
`...`; what JavaScript means by them is meant here.  An expression comes out as Python source and as the paths of the
data that it reads (`"list.0.name"`), by which setData knows whom it concerns.
"""

import re
from dataclasses import dataclass
from typing import Iterable, List, Mapping, Tuple

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput

from host_tools.compiler.source import Source

_GRAMMAR = r"""
    start: _expr
    object_body: _entries?

    _expr: ternary
    ?ternary: or | or "?" ternary ":" ternary -> choose
    ?or: and | or "||" and
    ?and: equality | and "&&" equality
    ?equality: relation | equality EQUALITY relation -> binary
    ?relation: sum | relation RELATION sum -> binary
    ?sum: product | sum SUM product -> binary
    ?product: unary | product PRODUCT unary -> binary
    ?unary: member | "!" unary -> not | SUM unary -> sign
    ?member: atom | member "." NAME -> dot | member "[" _expr "]" -> index | member "(" [_items] ")" -> call
    ?atom: NAME -> name | NUMBER -> number | STRING -> string | "(" _expr ")"
         | "[" [_items] "]" -> list | "{" [_entries] "}" -> object
    _items: item ("," item)* ","?
    ?item: ternary | "..." ternary -> spread
    _entries: entry ("," entry)* ","?
    ?entry: "..." ternary -> spread | NAME -> shorthand | (NAME | STRING | NUMBER) ":" ternary -> pair

    EQUALITY: "===" | "!==" | "==" | "!="
    RELATION: "<=" | ">=" | "<" | ">"
    SUM: "+" | "-"
    PRODUCT: "*" | "/" | "%"
    NAME: /[A-Za-z_$\u0080-\uffff][\w$]*/
    NUMBER: /0[xX][0-9a-fA-F]+|(\d+(\.\d*)?|\.\d+)([eE][+-]?\d+)?/
    STRING: /"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'/s
    %ignore /\s+/
"""
_PARSER = Lark(_GRAMMAR, parser="lalr", start=["start", "object_body"])
_CONSTANTS = {"true": "True", "false": "False", "null": "None", "undefined": "x.undefined"}
_BINARY = {
    "+": "add", "-": "sub", "*": "mul", "/": "div", "%": "mod", "<": "lt", "<=": "le", ">": "gt", ">=": "ge",
    "==": "loose", "===": "same",
}  # fmt: skip
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_DEEPEST = 32  # levels of an expression: each is a call on the kiosk, whose stack is small
_LONGEST = 4000  # characters


@dataclass(frozen=True)
class Expression:
    """Python source over `d` (the data), `v` (the values of the loops around it) and `x`; and the paths it reads.

    `path` is set where the expression is nothing but a path.
    """

    code: str
    reads: Tuple[str, ...]
    path: str = ""


class _Writer:
    """Turns a tree into Python.  `loops` maps the names that loops have bound to their places in `v`."""

    def __init__(self, source: Source, offset: int, loops: Mapping[str, int]):
        self._source = source
        self._offset = offset
        self._loops = loops
        self.reads: List[str] = []

    def fault(self, node, text):
        start = node.start_pos if isinstance(node, Token) else node.meta.start_pos
        return self._source.fault(self._offset + start, text)

    def write(self, node: Tree, depth: int = 0) -> str:
        if depth > _DEEPEST:
            raise self._source.fault(self._offset, f"an expression nested deeper than {_DEEPEST} levels")
        return getattr(self, "_" + node.data)(node, *node.children, depth=depth + 1)

    def _start(self, node, child, depth):
        return self.write(child, depth)

    def _name(self, node, name, depth):
        path = self.path(node)
        if path:
            self.reads.append(path)
        return self._value_of(name)

    def _value_of(self, name):
        if name in _CONSTANTS:
            return _CONSTANTS[name]
        if name in self._loops:
            return f"v[{self._loops[name]}]"
        return f"x.member(d, {str(name)!r})"

    def path(self, node: Tree) -> str:
        """`"list.0.name"` for a chain of names, members and constant indexes, else ""."""
        if node.data == "name":
            return "" if node.children[0] in _CONSTANTS else str(node.children[0])
        if node.data == "dot":
            base, name = self.path(node.children[0]), str(node.children[1])
            return f"{base}.{name}" if base and name != "length" else ""
        if node.data == "index" and node.children[1].data in ("number", "string"):
            base, key = self.path(node.children[0]), node.children[1].children[0]
            key = _text(key) if node.children[1].data == "string" else key
            return f"{base}.{key}" if base and re.fullmatch(r"\w+", key) else ""
        return ""

    def _dot(self, node, base, name, depth):
        return self._member(node, base, repr(str(name)), depth)

    def _index(self, node, base, key, depth):
        return self._member(node, base, self.write(key, depth), depth)

    def _member(self, node, base, key, depth):
        path = self.path(node)
        if not path:
            return f"x.member({self.write(base, depth)}, {key})"
        before = list(self.reads)
        code = f"x.member({self.write(base, depth)}, {key})"
        self.reads[:] = [*before, path]  # the longer path says it all
        return code

    def _call(self, node, function, *args, depth):
        name = self.path(function) or "this"
        raise self.fault(node, f"{name}(...): an expression cannot call functions (wxs is not supported)")

    def _number(self, node, token, depth):
        if token[:2].lower() == "0x":
            return str(int(token, 16))
        return token if re.search(r"[.eE]", token) else str(int(token))

    def _string(self, node, token, depth):
        return repr(_text(token))

    def _not(self, node, operand, depth):
        return f"(not x.true({self.write(operand, depth)}))"

    def _sign(self, node, sign, operand, depth):
        return f"x.sub(0, {self.write(operand, depth)})" if sign == "-" else f"x.number({self.write(operand, depth)})"

    def _binary(self, node, left, operator, right, depth):
        code = f"x.{_BINARY[operator.replace('!', '=')]}({self.write(left, depth)}, {self.write(right, depth)})"
        return f"(not {code})" if operator[0] == "!" else code

    # One name serves all that are nested: it is read in the branch in which nothing has been evaluated since it was set.
    def _or(self, node, left, right, depth):
        return f"(t if x.true(t := {self.write(left, depth)}) else {self.write(right, depth)})"

    def _and(self, node, left, right, depth):
        return f"({self.write(right, depth)} if x.true(t := {self.write(left, depth)}) else t)"

    def _choose(self, node, test, yes, no, depth):
        return f"({self.write(yes, depth)} if x.true({self.write(test, depth)}) else {self.write(no, depth)})"

    def _list(self, node, *items, depth):
        # MicroPython has no `*` in a list either.
        groups: List[str] = []
        values: List[str] = []
        for item in items:
            if item is not None and item.data == "spread":
                groups += [f"[{', '.join(values)}]"] if values else []
                groups.append(f"x.items({self.write(item.children[0], depth)})")
                values = []
            elif item is not None:
                values.append(self.write(item, depth))
        if values or not groups:
            groups.append(f"[{', '.join(values)}]")
        return f"({' + '.join(groups)})" if len(groups) > 1 else groups[0]

    def _object(self, node, *entries, depth):
        return self.entries([entry for entry in entries if entry is not None], depth)

    def _object_body(self, node, *entries, depth):
        return self.entries([entry for entry in entries if entry is not None], depth)

    def entries(self, entries: Iterable[Tree], depth: int) -> str:
        """An object; MicroPython has no `**` in a dict, so one with a spread is joined on the kiosk."""
        groups: List[str] = []
        pairs: List[str] = []
        for entry in entries:
            if entry.data == "spread":
                groups += [f"{{{', '.join(pairs)}}}"] if pairs else []
                groups.append(self.write(entry.children[0], depth))
                pairs = []
            elif entry.data == "shorthand":
                name = entry.children[0]
                pairs.append(f"{str(name)!r}: {self._name(Tree('name', [name]), name, depth=depth)}")
            else:
                key = entry.children[0]
                text = _text(key) if key.type == "STRING" else str(key)
                pairs.append(f"{text!r}: {self.write(entry.children[1], depth)}")
        last = f"{{{', '.join(pairs)}}}"
        if not groups:
            return last
        return f"x.merged({', '.join([*groups, last] if pairs else groups)})"


def _text(token: str) -> str:
    """What a string literal means."""

    def escaped(match):
        code = match.group(1)
        return chr(int(code[1:], 16)) if len(code) > 1 else _ESCAPES.get(code, code)

    return re.sub(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|[\s\S])", escaped, token[1:-1])


def compile_expression(
    source: Source, offset: int, text: str, loops: Mapping[str, int], is_object: bool = False
) -> Expression:
    """Compile what stands between `{{` and `}}`; with `is_object`, between the braces of a template's data."""
    if len(text) > _LONGEST:
        raise source.fault(offset, f"an expression longer than {_LONGEST} characters")
    if not text.strip() and not is_object:
        raise source.fault(offset, "an empty {{ }}")
    try:
        tree = _PARSER.parse(text, start="object_body" if is_object else "start")
    except UnexpectedInput as error:
        raise source.fault(offset + _position(error, text), _why(error)) from error
    writer = _Writer(source, offset, loops)
    _locate(tree)
    code = writer.write(tree)
    path = "" if is_object else writer.path(tree.children[0])
    return Expression(code, tuple(dict.fromkeys(writer.reads)), path)


def _position(error: UnexpectedInput, text: str) -> int:
    token = getattr(error, "token", None)
    return len(text.rstrip()) if token is not None and token.type == "$END" else error.pos_in_stream


def _why(error: UnexpectedInput) -> str:
    if isinstance(error, UnexpectedCharacters):
        return f"unexpected {error.char!r} in an expression"
    token = getattr(error, "token", "")
    return f"unexpected {str(token)!r} in an expression" if token else "an expression ends too early"


def _locate(tree: Tree) -> None:
    """Give every tree the place of its first token; Lark's own propagation is left off for speed."""
    for node in tree.iter_subtrees():
        first = next((child for child in node.children if child is not None), None)
        if isinstance(first, Token):
            node.meta.start_pos = first.start_pos
        elif first is not None:
            node.meta.start_pos = getattr(first.meta, "start_pos", 0)
        else:
            node.meta.start_pos = 0
