"""
The WXML of a page or a component to the Python module that firmware/kiosk/ui/update.py builds and updates it from.

The tuples that come out are described there.
"""

from dataclasses import dataclass, field
from typing import Dict, FrozenSet, List, Optional, Tuple

from host_tools.compiler import components, markup, module
from host_tools.compiler.attributes import CONTROL, Attributes, Loops, Style, expression, joined
from host_tools.compiler.custom import Component
from host_tools.compiler.expression import Expression, compile_expression
from host_tools.compiler.markup import Element, Text
from host_tools.compiler.source import CompileError, Folder, Source
from host_tools.compiler.values import Declarations

# The kinds of templates, as update.py has them.
_TEXT, _IF, _FOR, _CALL, _SLOT = range(5)
_DEEPEST = 16  # files that import or include each other

Made = Tuple[object, FrozenSet[str]]  # a template and the paths that it reads


@dataclass
class File:
    """One WXML file: its text, its elements, and the templates that can be named in it."""

    source: Source
    top: Element
    templates: Dict[str, Tuple["File", Element]] = field(default_factory=dict)


class PageCompiler:
    """
    Compiles one page or component; read() it, then, when the declarations are understood, module().

    uses: the tags that are custom components; of: the component that this is the markup of, None for a page.
    used: the components that are in it, by their paths; endless: those of them that are in it whatever the data: path ->
    place.
    """

    def __init__(
        self,
        folder: Folder,
        declarations: Declarations,
        uses: Optional[Dict[str, Component]] = None,
        of: Optional[Component] = None,
    ):
        self._folder = folder
        self._declarations = declarations
        self._uses = uses or {}
        self._attributes = Attributes(folder, declarations, self._uses)
        self._of = of
        self.used: Dict[str, Component] = {}
        self.endless: Dict[str, str] = {}
        self._maybe = 0  # what is being compiled is shown only under this many conditions
        self._codes: Dict[str, int] = {}
        self._reads: Dict[Tuple[str, ...], int] = {(): 0}
        self._numbers: Dict[int, int] = {}  # id of a template's element -> its number
        self._templates: List[Optional[tuple]] = []
        self._open: List[int] = []  # numbers of the templates that are being compiled
        self._elements: List[Element] = []  # keeps the ids above valid
        self._nodes: tuple = ()

    def read(self, name: str) -> None:
        """Compile the page's file."""
        self._nodes = self._children(self._file(name, "", ()), None, {})[0]

    def module(self, rules: tuple) -> str:
        """The module's source; `rules` are those of the page's style sheet."""
        nodes = self._settled(self._nodes)
        templates = tuple(self._settled(each) for each in self._templates)
        more = {}
        if self._of:
            more = {"LEVELS": module.levels(nodes, templates), "ISOLATION": self._of.isolation}
        elif self.used:
            more = {"USES": True}
        return module.source(list(self._codes), nodes, templates, tuple(self._reads), rules, more)

    def _settled(self, made):
        if isinstance(made, Style):
            return self._declarations.values(made.block)
        return tuple(self._settled(each) for each in made) if isinstance(made, tuple) else made

    # Files and templates.

    def _file(self, name: str, wanted_at: str, above: Tuple[str, ...]) -> File:
        if name in above or len(above) >= _DEEPEST:
            raise CompileError(f"{wanted_at}: {name} imports or includes itself")
        source = self._folder.read(name, wanted_at)
        file = File(source, markup.parse(source))
        imported: Dict[str, Tuple[File, Element]] = {}
        for element in _within(file.top):
            if element.tag == "template" and "name" in element.attributes:
                name_of = element.attributes["name"].text or ""
                if name_of in file.templates:
                    raise source.fault(element.start, f"a second template of the name {name_of}")
                file.templates[name_of] = (file, element)
            elif element.tag == "import":
                other = self._named(file, element, (*above, name))
                # What that file imports itself is not seen here (WeChat: no chains of imports).
                imported.update({key: each for key, each in other.templates.items() if each[0] is other})
        file.templates = {**imported, **file.templates}
        return file

    def _named(self, file: File, element: Element, above: Tuple[str, ...]) -> File:
        """The file of an import or include."""
        path = element.attributes.get("src")
        if path is None or not path.text or "{{" in path.text:
            raise file.source.fault(element.start, f"<{element.tag}> wants src with a path")
        return self._file(self._folder.beside(file.source, path.text), file.source.place(path.offset), above)

    def _template(self, file: File, name: str, offset: int, is_certain: bool) -> int:
        """The number of a template; -1 if there is none of the name."""
        if name not in file.templates:
            self._folder.warn(file.source.place(offset), f"no template of the name {name}: nothing is shown")
            return -1
        owner, element = file.templates[name]
        number = self._numbers.get(id(element))
        if number in self._open and is_certain:
            raise file.source.fault(offset, f"the template {name} contains itself")
        if number is None:
            number = self._numbers[id(element)] = len(self._templates)
            self._elements.append(element)
            self._templates.append(None)
            self._open.append(number)
            self._maybe += 1
            self._templates[number] = self._children(owner, element, {})[0]
            self._maybe -= 1
            self._open.pop()
        return number

    # Expressions.

    def _number(self, code: str) -> int:
        return self._codes.setdefault(code, len(self._codes))

    def _reads_number(self, reads) -> int:
        return self._reads.setdefault(tuple(sorted(reads)), len(self._reads))

    # Nodes.

    def _children(self, file: File, parent: Optional[Element], loops: Loops, above: Tuple[str, ...] = ()) -> Made:
        """The templates of an element's children, of a file's (parent None)."""
        made: List[Made] = []
        branches: list = []
        keeps_lines = parent is not None and parent.tag == "text"
        for child in (parent or file.top).children:
            if isinstance(child, Text):
                text = self._text(file, child, loops, keeps_lines)
                if text:
                    _close(branches, made, self._reads_number)
                    made.append(text)
                continue
            if "wx:elif" in child.attributes or "wx:else" in child.attributes:
                if not branches:
                    raise file.source.fault(child.start, "wx:elif or wx:else without a wx:if right before")
                branches.append(self._branch(file, child, loops, above))
                if "wx:else" in child.attributes:
                    _close(branches, made, self._reads_number)
                continue
            _close(branches, made, self._reads_number)
            if "wx:for" in child.attributes or "wx:for-items" in child.attributes:
                made.append(self._loop(file, child, loops, above))
            elif "wx:if" in child.attributes:
                branches.append(self._branch(file, child, loops, above))
            else:
                made += self._element(file, child, loops, above)
        _close(branches, made, self._reads_number)
        return tuple(template for template, _ in made), frozenset().union(*(reads for _, reads in made))

    def _text(self, file: File, text: Text, loops: Loops, keeps_lines: bool) -> Optional[Made]:
        written = text.text
        if not keeps_lines or not written.strip():
            # Lines and indents between tags are the writer's, not the page's.
            start = (
                len(written) - len(written.lstrip()) if "\n" in written[: len(written) - len(written.lstrip())] else 0
            )
            end = len(written.rstrip()) if "\n" in written[len(written.rstrip()) :] else len(written)
            written, offset = written[start:end], text.start + start
        else:
            offset = text.start
        if not written.strip():
            return None
        parts = markup.split(file.source, written, offset)
        if not any(part.is_expression for part in parts):
            return markup.shown(written, keeps_lines), frozenset()
        made = joined(file.source, parts, loops, lambda part: markup.shown(part, keeps_lines))
        return (_TEXT, self._number(made.code), self._reads_number(made.reads)), frozenset(made.reads)

    def _branch(self, file: File, element: Element, loops: Loops, above) -> Tuple[int, tuple, FrozenSet[str]]:
        reads: FrozenSet[str] = frozenset()
        number = -1
        for name in ("wx:if", "wx:elif"):
            attribute = element.attributes.get(name)
            if attribute:
                made = expression(file.source, attribute, loops)
                number, reads = self._number(made.code), frozenset(made.reads)
        self._maybe += 1
        children = self._element(file, element, loops, above)
        self._maybe -= 1
        return number, tuple(each for each, _ in children), reads.union(*(inner for _, inner in children))

    def _loop(self, file: File, element: Element, loops: Loops, above) -> Made:
        attributes = element.attributes
        if "wx:elif" in attributes or "wx:else" in attributes:
            raise file.source.fault(element.start, "wx:for together with wx:elif or wx:else: put one on a <block>")
        rows = expression(file.source, attributes.get("wx:for") or attributes["wx:for-items"], loops)
        item, index, key = (
            (attributes[name].text or default) if name in attributes else default
            for name, default in (("wx:for-item", "item"), ("wx:for-index", "index"), ("wx:key", ""))
        )
        depth = max(loops.values(), default=-1) + 1
        inner = {**loops, item: depth, index: depth + 1}
        if "wx:if" in attributes:
            branch = self._branch(file, element, inner, above)
            children = ((_IF, ((branch[0], branch[1]),), self._reads_number(branch[2])),)
            reads = branch[2]
        else:
            self._maybe += 1
            made = self._element(file, element, inner, above)
            self._maybe -= 1
            children = tuple(each for each, _ in made)
            reads = frozenset().union(*(each for _, each in made))
        outer = frozenset(rows.reads) | {path for path in reads if path.split(".")[0] not in (item, index)}
        # A path through an outer loop's item is as good as one from the data: the rows of that one know it by its name.
        return (
            (_FOR, self._number(rows.code), self._reads_number(rows.reads), rows.path, item, index,
             "" if "{{" in key else key, children, self._reads_number(outer)),
            outer,
        )  # fmt: skip

    def _element(self, file: File, element: Element, loops: Loops, above) -> List[Made]:
        """What one element comes to: itself, or for those that only group, what is in it."""
        tag = element.tag
        if tag == "template":
            return [] if "name" in element.attributes else self._call(file, element, loops)
        if tag == "import":
            return []
        if tag == "include":
            inside = self._named(file, element, (*above, file.source.name))
            templates, reads = self._children(inside, None, loops, (*above, file.source.name))
            return [(each, reads) for each in templates]
        if tag == "slot":
            return self._slot(file, element)
        custom = self._uses.get(tag)
        if custom:
            return [self._custom(file, element, custom, loops, above)]
        children, reads = self._children(file, element, loops, above)
        if tag == "block":
            for attribute in element.attributes.values():
                if attribute.name not in (*CONTROL, "slot"):
                    self._folder.warn(file.source.place(attribute.start), f"<block> has no {attribute.name}")
            return [(each, reads) for each in children]
        if not components.is_known(tag):
            self._folder.warn(file.source.place(element.start), f"unknown component <{tag}>: shown like a <view>")
        return [self._made(file, element, loops, children, reads)]

    def _made(self, file: File, element: Element, loops: Loops, children: tuple, reads, *more) -> Made:
        """An element of the page, `children` and what they read being known."""
        static, bindings, handlers = self._attributes.of(file.source, element, loops)
        reads = reads.union(*(made.reads for _, made in bindings))
        flat = tuple(
            part
            for name, made in bindings
            for part in (name, self._number(made.code), self._reads_number(made.reads))
        )  # fmt: skip
        return (element.tag, static, flat, handlers, children, self._reads_number(reads), *more), reads

    def _custom(self, file: File, element: Element, custom: Component, loops: Loops, above) -> Made:
        """An element that is a custom component; what is in it goes into its slots: (name, templates, levels) each."""
        self.used[custom.path] = custom
        if not self._maybe:
            self.endless.setdefault(custom.path, file.source.place(element.start))
        slots: Dict[str, Element] = {}
        for child in element.children:
            name = child.attributes.get("slot") if isinstance(child, Element) else None
            inside = slots.setdefault(name.text or "" if name else "", Element(element.tag, element.start))
            inside.children.append(child)
        flat: tuple = ()
        reads: FrozenSet[str] = frozenset()
        self._maybe += 1
        for name, inside in slots.items():
            templates, inner = self._children(file, inside, loops, above)
            if templates:
                flat += (name, templates, module.levels(templates, tuple(each or () for each in self._templates)))
                reads |= inner
        self._maybe -= 1
        return self._made(file, element, loops, flat, reads, custom.path)

    def _slot(self, file: File, element: Element) -> List[Made]:
        place = file.source.place(element.start)
        if self._of is None:
            self._folder.warn(place, "<slot>: only a component has one")
            return []
        name = element.attributes.get("name")
        if name and name.text and "{{" in name.text:
            raise file.source.fault(name.offset, "a slot wants a name without {{ }}")
        if element.children:
            self._folder.warn(place, "what is in a <slot> is never shown")
        return [((_SLOT, name.text or "" if name else "", 0), frozenset())]

    def _call(self, file: File, element: Element, loops: Loops) -> List[Made]:
        given, data = element.attributes.get("is"), element.attributes.get("data")
        if given is None or not given.text:
            raise file.source.fault(element.start, "<template> wants name or is")
        name, data_number = -1, -1
        reads: FrozenSet[str] = frozenset()
        if "{{" in given.text:
            made = expression(file.source, given, loops)
            name, reads = self._number(made.code), frozenset(made.reads)
            choices: object = tuple(
                part for each in file.templates for part in (each, self._template(file, each, given.offset, False))
            )
        else:
            choices = self._template(file, given.text, given.offset, True)
            if choices == -1:
                return []
        if data and data.text and data.text.strip():
            parts = markup.split(file.source, data.text.strip(), data.offset + len(data.text) - len(data.text.lstrip()))
            if len(parts) != 1 or not parts[0].is_expression:
                raise file.source.fault(data.offset, "data wants one {{ }} with the members of an object")
            made = self._template_data(file, parts[0], loops)
            data_number, reads = self._number(made.code), reads | frozenset(made.reads)
        return [((_CALL, choices, name, data_number, self._reads_number(reads)), reads)]

    def _template_data(self, file: File, part, loops: Loops) -> Expression:
        """`{{a, b: 1, ...c}}`; people write `{{ {a, b} }}` too."""
        text = part.text.strip()
        if text.startswith("{") and text.endswith("}"):
            return compile_expression(file.source, part.offset, part.text, loops)
        return compile_expression(file.source, part.offset, part.text, loops, is_object=True)


def _close(branches: list, made: List[Made], reads_number) -> None:
    """End a chain of wx:if, wx:elif and wx:else."""
    if branches:
        reads = frozenset().union(*(each[2] for each in branches))
        made.append(((_IF, tuple((number, children) for number, children, _ in branches), reads_number(reads)), reads))
        branches.clear()


def _within(element: Element):
    """Every element below one."""
    for child in element.children:
        if isinstance(child, Element):
            yield child
            yield from _within(child)
