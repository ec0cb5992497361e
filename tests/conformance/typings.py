"""
What Tencent's typings say, from the npm package itself at its pinned version (tests/peers), and what api.tsv lists.

typings.js reads the package with TypeScript's own compiler; the shape of what it gives is described there.
"""

import csv
import functools
import json
import subprocess
from pathlib import Path

from host_tools.paths import ROOT

HERE = Path(__file__).parent
NODE_MODULES = ROOT / "build" / "peers" / "node" / "node_modules"

# Objects that are reached through names of api.tsv without being named there -> their area.
REACHED = {
    "FileSystemManager": "file",
    "Stats": "file",
    "RequestProfile": "network",
    "RequestException": "network",
    "SelectorQuery": "ui",
    "NodesRef": "ui",
}


@functools.lru_cache(maxsize=None)
def rows():
    """Return api.tsv's rows: dicts of api, kind, area, seeds, contract."""
    with open(HERE / "api.tsv", encoding="utf-8", newline="") as file:
        return list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))


def objects():
    """Return the objects whose members belong to the API: name -> area."""
    found = {}
    for row in rows():
        holder, dot, _ = row["api"].partition(".")
        if dot and row["kind"] in ("method", "property") and " " not in holder:
            found.setdefault(holder, row["area"])
    return {**found, **REACHED}


@functools.lru_cache(maxsize=None)
def load():
    """Return {functions: {name: callable}, objects: {name: {methods, props}}}; see typings.js."""
    command = ["node", str(HERE / "typings.js"), str(NODE_MODULES), *objects(), "SystemInfo"]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    return json.loads(done.stdout)


def version():
    """Return the version of the package that was read."""
    package = NODE_MODULES / "miniprogram-api-typings" / "package.json"
    return json.loads(package.read_text(encoding="utf-8"))["version"]


def callable_of(name):
    """Return what the typings say of `wx.x` or `Object.method`, or None."""
    holder, _, member = name.rpartition(".")
    if holder == "wx":
        return load()["functions"].get(member)
    return load()["objects"].get(holder, {"methods": {}})["methods"].get(member)
