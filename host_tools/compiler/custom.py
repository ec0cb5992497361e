"""Custom components: what `usingComponents` names, and what their scripts say of themselves."""

import ast
import json
import re
from dataclasses import dataclass, field
from typing import Dict, FrozenSet, List, Optional

from host_tools.compiler.source import CompileError, Folder, Source

_ISOLATIONS = ("isolated", "apply-shared", "shared")


@dataclass
class Component:
    """
    One custom component.  path: as `usingComponents` has it, without a leading slash; uses: the tags of its own JSON.

    properties: their names, None where the script does not write them down as they are; external: its external classes.
    """

    path: str
    isolation: str = "isolated"
    properties: Optional[FrozenSet[str]] = None
    external: FrozenSet[str] = frozenset()
    uses: Dict[str, "Component"] = field(default_factory=dict)


class Components:
    """The components of a mini-program, each read once."""

    def __init__(self, folder: Folder):
        self._folder = folder
        self._known: Dict[str, Component] = {}
        self._app = self._used_by("app.json")

    def of_page(self, path: str) -> Dict[str, Component]:
        """The tags that a page's markup may use, with the components that they stand for."""
        return {**self._app, **self._used_by(f"{path}.json")}

    def _used_by(self, name: str) -> Dict[str, Component]:
        settings, source = self._settings(name)
        using = settings.get("usingComponents", {})
        if not isinstance(using, dict) or not all(isinstance(path, str) for path in using.values()):
            raise source.fault(_offset(source, "usingComponents"), "usingComponents wants an object of paths")
        return {tag: self._component(source, tag, path) for tag, path in using.items()}

    def _settings(self, name: str):
        """(the object in a JSON file, its Source); nothing for a file that is not there."""
        if not (self._folder.root / name).is_file():
            return {}, Source(name, "")
        source = self._folder.read(name)
        try:
            settings = json.loads(source.text)
        except json.JSONDecodeError as error:
            raise source.fault(error.pos, error.msg) from error
        if not isinstance(settings, dict):
            raise source.fault(0, "must be an object")
        return settings, source

    def _component(self, source: Source, tag: str, path: str) -> Component:
        offset = _offset(source, tag)
        if "://" in path:
            raise source.fault(offset, f"{tag}: {path}: a kiosk has no plugins")
        name = self._folder.beside(source, path)
        if not self._has(name, ".py") and self._has(f"{name}/index", ".py"):
            name += "/index"
        for ending in (".py", ".wxml"):
            if not self._has(name, ending):
                raise source.fault(offset, f"{tag}: there is no {name}{ending}")
        if name not in self._known:
            # Known before what it uses is looked at: components may use each other.
            component = self._known[name] = Component(name)
            self._read(component)
        return self._known[name]

    def _has(self, name: str, ending: str) -> bool:
        path = self._folder.root / (name + ending)
        return path.is_file() and path.resolve().is_relative_to(self._folder.root.resolve())

    def _read(self, component: Component) -> None:
        name = f"{component.path}.json"
        settings, source = self._settings(name)
        if settings.get("component") is not True:
            self._folder.warn(name, 'it wants "component": true')
        script = self._folder.read(f"{component.path}.py")
        declared = _declared(script)
        options = _literal(declared.get("options"), {})
        isolation = "apply-shared" if options.get("addGlobalClass") else "isolated"
        isolation = settings.get("styleIsolation", options.get("styleIsolation", isolation))
        if isolation in _ISOLATIONS:
            component.isolation = isolation
        else:
            self._folder.warn(name, f"styleIsolation {isolation!r} is none of {', '.join(_ISOLATIONS)}: isolated")
        if options.get("virtualHost"):
            line = declared["options"].lineno
            self._folder.warn(
                f"{script.name}:{line}:1", "virtualHost: a kiosk's component is always an element of its own"
            )
        component.external = frozenset(_literal(declared.get("externalClasses"), ()))
        if declared and "behaviors" not in declared:
            component.properties = _keys(declared.get("properties"))
        component.uses = self._used_by(name)


def _offset(source: Source, key: str) -> int:
    """Where a key of "usingComponents" stands, or that itself."""
    start = max(0, source.text.find('"usingComponents"'))
    found = re.compile(re.escape(json.dumps(key, ensure_ascii=False)) + r"\s*:").search(source.text, start)
    return found.start() if found else start


def _declared(script: Source) -> Dict[str, ast.expr]:
    """What a script hands to Component(), by name, as far as it is written down right there."""
    try:
        body = ast.parse(script.text, script.name).body
    except SyntaxError as error:
        raise CompileError(f"{script.name}:{error.lineno}:{error.offset}: SyntaxError: {error.msg}") from error
    for node in body:
        if isinstance(node, ast.ClassDef) and any(_is_component(each) for each in node.decorator_list):
            return {
                target.id: each.value
                for each in node.body
                if isinstance(each, ast.Assign)
                for target in each.targets
                if isinstance(target, ast.Name)
            }
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call) and _is_component(node.value.func):
            given = node.value.args[0] if node.value.args else None
            if isinstance(given, ast.Dict):
                return {
                    key.value: value for key, value in zip(given.keys, given.values) if isinstance(key, ast.Constant)
                }
    return {}


def _is_component(node: ast.expr) -> bool:
    return isinstance(node, ast.Name) and node.id == "Component"


def _literal(node: Optional[ast.expr], default):
    """The value of an expression that is one, else the default."""
    try:
        value = default if node is None else ast.literal_eval(node)
    except ValueError:
        return default
    return value if isinstance(value, (dict, list, tuple)) else default


def _keys(node: Optional[ast.expr]) -> Optional[FrozenSet[str]]:
    """The keys of a dict that is written down, none for none; None where it is computed."""
    if node is None:
        return frozenset()
    if not isinstance(node, ast.Dict) or not all(isinstance(key, ast.Constant) for key in node.keys):
        return None
    return frozenset(key.value for key in node.keys)


def check_ends(uses: Dict[str, Dict[str, str]]) -> None:
    """CompileError for a component that is in itself whatever its data; uses: path -> {path: place} of such uses."""

    def visit(path: str, above: List[str]) -> None:
        for inner, place in uses.get(path, {}).items():
            if inner in above:
                raise CompileError(f"{place}: {inner} contains itself without end: put it into a wx:if")
            if inner not in ended:
                visit(inner, [*above, inner])
        ended.add(path)

    ended: set = set()
    for path in uses:
        visit(path, [path])
