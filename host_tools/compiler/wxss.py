"""WXSS files to the tuples of rules that firmware/kiosk/ui/style.py describes; tinycss2 reads the syntax."""

import re
from typing import Dict, Iterator, List, Tuple

import tinycss2

from host_tools.compiler.source import CompileError, Folder, Source
from host_tools.compiler.values import Declarations

_IMPORTANT = 1 << 20  # above any specificity
_DEEPEST = 16  # files that import each other
_STATES = (":active",)
_COMPONENT_STATES = (*_STATES, ":host")


class Sheet:
    """The rules of one style sheet with what it imports; `is_component`: that of a component, where classes alone are good style.

    rules() has them when the declarations have been understood.
    """

    def __init__(self, folder: Folder, declarations: Declarations, is_component: bool = False):
        self._folder = folder
        self._is_component = is_component
        self._declarations = declarations
        self._rules: List[Tuple[int, tuple, int]] = []  # specificity, selector, number of the block

    def read(self, name: str, wanted_at: str = "", above: Tuple[str, ...] = ()) -> None:
        """Add the rules of a file."""
        if name in above or len(above) >= _DEEPEST:
            raise CompileError(f"{wanted_at}: {name} imports itself")
        source = self._folder.read(name, wanted_at)
        for node in tinycss2.parse_stylesheet(source.text, skip_comments=True, skip_whitespace=True):
            place = f"{name}:{node.source_line}:{node.source_column}"
            if node.type == "error":
                raise CompileError(f"{place}: {node.message}")
            if node.type == "at-rule":
                self._at_rule(node, place, source, (*above, name))
            else:
                self._rule(node, place, name)

    def _at_rule(self, node, place, source, above):
        if node.lower_at_keyword != "import":
            self._folder.warn(place, f"@{node.at_keyword} is not supported and left out")
            return
        paths = [token.value for token in node.prelude if token.type in ("string", "url")]
        if len(paths) != 1:
            raise CompileError(f'{place}: @import wants one "path"')
        self.read(self._folder.beside(source, paths[0]), place, above)

    def _rule(self, node, place, name):
        blocks: Dict[bool, int] = {}
        for declaration in declarations_of(node.content, name):
            is_important = declaration.important
            if is_important not in blocks:
                blocks[is_important] = self._declarations.block()
            self._declarations.add(blocks[is_important], declaration, name)
        for text in _selectors(node.prelude):
            try:
                specificity, selector = _selector(text, _COMPONENT_STATES if self._is_component else _STATES)
            except ValueError as error:
                self._folder.warn(place, f"{text.strip() or 'an empty selector'}: {error}; the rule is left out")
                continue
            if self._is_component:
                for token in (token for compound in selector if compound != ">" for token in compound):
                    if token[0] not in ".:":
                        kind = "an id" if token[0] == "#" else "a tag"
                        self._folder.warn(place, f"{token}: {kind} in a component's sheet; WeChat wants classes there")
            for is_important, block in blocks.items():
                self._rules.append((specificity + _IMPORTANT * is_important, selector, block))

    def rules(self) -> tuple:
        """The rules as the kiosk has them."""
        made = ((weight, selector, *self._declarations.values(block)) for weight, selector, block in self._rules)
        return tuple(rule for rule in made if rule[2] or rule[3])


def declarations_of(content, name: str) -> Iterator:
    """The declarations of a block, parsed or given as text; CompileError for what is none."""
    for node in tinycss2.parse_blocks_contents(content, skip_comments=True, skip_whitespace=True):
        place = f"{name}:{node.source_line}:{node.source_column}"
        if node.type == "error":
            raise CompileError(f"{place}: {node.message}")
        if node.type != "declaration":
            raise CompileError(f"{place}: a rule within a rule")
        yield node


def _selectors(prelude) -> List[str]:
    """The selectors of a rule, as they are written between commas."""
    found = [""]
    for token in prelude:
        if token.type == "literal" and token.value == ",":
            found.append("")
        else:
            found[-1] += token.serialize()
    return found


def _selector(text: str, states: Tuple[str, ...]) -> Tuple[int, tuple]:
    """(specificity, compounds from the outermost); ValueError for what is not supported."""
    selector: list = []
    counts = [0, 0, 0]
    for part in re.sub(r"\s*>\s*", " > ", text).split():
        if part == ">":
            if not selector or selector[-1] == ">":
                raise ValueError("nothing before >")
            selector.append(">")
            continue
        tokens = re.findall(r"[.#:]?[\w-]+|\*", part)
        if "".join(tokens) != part:
            raise ValueError("no class, #id, element, descendant, > or :active")
        for token in tokens:
            if token[0] == ":" and token not in states:
                raise ValueError(f"{token} is not supported")
            counts["#.".find(token[0]) if token[0] in "#." else 1 if token[0] == ":" else 2] += token != "*"
        selector.append(tuple(token for token in tokens if token != "*"))
    if not selector or selector[-1] == ">":
        raise ValueError("nothing is selected")
    ids, classes, tags = (min(count, 99) for count in counts)
    return ids * 10000 + classes * 100 + tags, tuple(selector)


def inline_style(source: Source, offset: int, text: str, declarations: Declarations) -> int:
    """Note the declarations of a `style` attribute without `{{ }}`; the number of their block."""
    block = declarations.block()
    before = Source(source.name, source.text[:offset])
    line, column = before.text.count("\n"), len(before.text) - before.text.rfind("\n") - 1
    for declaration in declarations_of("\n" * line + " " * column + text, source.name):
        declarations.add(block, declaration, source.name)
    return block
