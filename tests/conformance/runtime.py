"""What the running runtime offers, and which scenarios pass on it: what proof.py finds on a kiosk."""

import ast
import json
from pathlib import Path
from typing import NamedTuple

from host_tools.paths import ROOT
from tests.conformance import typings

HERE = Path(__file__).parent
SINGLETONS = {
    "FileSystemManager": "getFileSystemManager",
    "RecorderManager": "getRecorderManager",
    "BackgroundAudioManager": "getBackgroundAudioManager",
}
_PAGES = ["index", "a", "b", "tab1", "tab2"]
_TABS = [{"pagePath": f"pages/{name}/{name}", "text": name} for name in ("tab1", "tab2")]
PROGRAM = {
    "app.json": json.dumps({"pages": [f"pages/{name}/{name}" for name in _PAGES], "tabBar": {"list": _TABS}}),
    **{f"pages/{name}/{name}.py": "@Page\nclass Any:\n    data = {}\n" for name in _PAGES},
}
_ZEROES = {"Number": 0, "Boolean": True, "Array": [], "Object": {}, "ArrayBuffer": b""}
_REFUSE = """
async def refused():
    fs = wx.getFileSystemManager()
    fs.writeFileSync("wxfile://usr/file", "x")
    try:
        result = {call}
        return (await result).errMsg
    except api.Error as exc:
        return exc.errno
kiosk.run(refused())
"""
_WRONG = """
async def wrong():
    for name in {names}:
        try:
            await getattr(wx, name)(5)
        except api.Error:
            continue
kiosk.run(wrong())
"""


class Scenario(NamedTuple):
    """One function of a file of scenarios: `names` (tuple of str) is what it proves."""

    chapter: str
    function: str
    names: tuple


def scenarios():
    """Return every Scenario there is, by its file."""
    found = []
    for path in sorted((HERE / "scenarios").glob("*.py")):
        for node in ast.parse(path.read_text(encoding="utf-8")).body:
            if isinstance(node, ast.AsyncFunctionDef) and node.name[0] != "_":
                found.append(Scenario(path.stem, node.name, tuple(ast.get_docstring(node).split())))
    return found


def _chapter(name):
    # The text of a file of scenarios, after the fakes that it names in FAKES: of tests/fakes, or with their folder.
    text = (HERE / "scenarios" / f"{name}.py").read_text(encoding="utf-8")
    for node in ast.parse(text).body:
        if isinstance(node, ast.Assign) and node.targets[0].id == "FAKES":
            for fake in ast.literal_eval(node.value):
                path = ROOT / f"{fake}.py" if "/" in fake else HERE.parent / "fakes" / f"{fake}.py"
                text = path.read_text(encoding="utf-8") + "\n" + text
    return text


def offered(kiosk):
    """Return what a kiosk with proof.py in it offers: name -> its declaration."""
    lines = kiosk.exec("offered()")
    for name, found in typings.load()["objects"].items():
        members = [*found["methods"], *(prop["name"] for prop in found["props"])]
        lines += kiosk.exec(f"members({name!r}, {members!r}, {SINGLETONS.get(name)!r})")
    for name in set(typings.objects()) - set(typings.load()["objects"]):  # of api.tsv alone
        members = [row["api"].rpartition(".")[2] for row in typings.rows() if row["api"].startswith(name + ".")]
        lines += kiosk.exec(f"members({name!r}, {members!r})")
    return dict(map(json.loads, lines.splitlines()))


class Runtime:
    """A kiosk that is asked.

    offered: name -> declaration.  proofs: name -> "" if proved, else why not.  read: API -> options that it has looked
    at.  given: `API.success`, `API.fail` or an object -> field -> kinds of its values.
    """

    def __init__(self, kiosk, http, ws):
        self._kiosk = kiosk
        self._tools = f"Tools({http!r}, {ws!r})"
        kiosk.program(PROGRAM)
        self._launch()
        kiosk.exec((HERE / "proof.py").read_text(encoding="utf-8") + "\nwatch()\n")
        self.offered = offered(kiosk)
        self.proofs = {}
        self._prove_all()
        apis = [name[3:] for name, one in self.offered.items() if name[:3] == "wx." and one["kind"] == "api"]
        self._launch()
        kiosk.exec(_WRONG.format(names=apis))
        self.read, self.given = json.loads(kiosk.exec("print(json.dumps([read, given]))"))

    def _launch(self):
        answer = self._kiosk.launch("test", urlCheck=False)
        assert answer["errMsg"] == "launch:ok", answer

    def _prove_all(self):
        loaded = None
        for scenario in scenarios():
            names = [name for name in scenario.names if name in self.offered or "." not in name]
            if not names:
                continue
            if scenario.chapter != loaded:
                loaded = scenario.chapter
                self._kiosk.exec(_chapter(loaded))
            where = f"scenarios/{scenario.chapter}.py, {scenario.function}"
            failure = self._run(scenario.function)
            for name in names:
                if failure:
                    self.proofs[name] = f"{where}: {failure}"
                elif not self._run(scenario.function, name):
                    self.proofs[name] = f"{where} passes without it"
                else:
                    self.proofs.setdefault(name, "")

    def _run(self, function, hollowed=""):
        self._launch()
        typed = typings.callable_of(hollowed) or {"success": ()}
        fields = {one["name"]: _ZEROES.get(one["kinds"][0], "") for one in typed["success"] if one["name"] != "errMsg"}
        code = f"prove({function}, {self._tools}, {hollowed!r}, {fields!r})"
        return json.loads(self._kiosk.exec(code, timeout_s=40).splitlines()[-1])

    def refusal(self, call):
        """Return the errno that a call fails with, or the errMsg of its success."""
        self._launch()
        return json.loads(self._kiosk.exec(_REFUSE.format(call=call)).splitlines()[-1])
