"""What Chromium makes of the same markup and style sheets."""

import json
import re
import subprocess
from pathlib import Path
from xml.sax.saxutils import escape

_HEAD = """<?xml version="1.0" encoding="UTF-8"?>
<html xmlns="http://www.w3.org/1999/xhtml"><head><style>
body { margin: 0; width: %(width)dpx }
page { display: flow-root; position: relative; width: %(width)dpx; min-height: %(height)dpx; transform: translate(0);
       font: 16px "DejaVu Sans"; font-kerning: none; font-variant-ligatures: none; text-rendering: geometricPrecision }
view { display: block } text { white-space: pre-line }
"""
_SCRIPT = """
const context = document.createElementNS("http://www.w3.org/1999/xhtml", "canvas").getContext("2d");
const used = new Set(document.body.textContent);
const fonts = {};
for (const size of [12, 16, 24, 28, 36]) for (const weight of ["normal", "bold"]) {
  context.font = `${weight} ${size}px "DejaVu Sans"`;
  context.fontKerning = "none";
  context.textRendering = "geometricPrecision";
  const metrics = context.measureText("x"), widths = {};
  for (const character of used) widths[character] = context.measureText(character).width;
  fonts[`${size} ${weight == "bold"}`] =
    {widths, line: [Math.round(metrics.fontBoundingBoxAscent), Math.round(metrics.fontBoundingBoxDescent)]};
}
function box(rect, origin) { return [rect.left - origin.left, rect.top - origin.top, rect.width, rect.height]; }
function boxes(node, origin) {
  if (node.nodeType == 3) {
    const range = document.createRange();
    range.selectNodeContents(node);
    return [node.textContent, box(range.getBoundingClientRect(), origin), []];
  }
  const inside = [...node.childNodes].map(each => boxes(each, origin)).filter(each => each);
  if (getComputedStyle(node).display == "none") return null;
  return [node.localName, box(node.getBoundingClientRect(), origin), inside];
}
const pages = {};
for (const page of document.querySelectorAll("page"))
  pages[page.getAttribute("title")] = boxes(page, page.getBoundingClientRect());
document.body.textContent = JSON.stringify({fonts, pages});
"""


EXECUTABLE = "chromium-headless-shell"


def measure(layouts: dict, folder: Path, width: int, height: int) -> dict:
    """{"pages": {name: [tag or text, [x, y, w, h], children]}, "fonts": {...}} of layouts.LAYOUTS, in px."""
    parts = [_HEAD % {"width": width, "height": height}]
    for number, (style, _) in enumerate(layouts.values()):
        parts.append(f"#l{number} {{ {escape(style)} }}\n")
    parts.append("</style></head><body>")
    for number, (name, (_, markup)) in enumerate(layouts.items()):
        parts.append(f'<page id="l{number}" title="{name}">{markup}</page>')
    parts.append(f"<script><![CDATA[{_SCRIPT}]]></script></body></html>")
    path = folder / "layouts.xhtml"
    path.write_text("".join(parts), encoding="utf-8")
    command = [
        EXECUTABLE,
        "--headless",
        "--no-sandbox",
        "--disable-gpu",
        "--dump-dom",
        f"--window-size={width + 50},8000",
    ]
    command += [f"--user-data-dir={folder / 'profile'}", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=100, check=True)
    found = re.search(r"<body[^>]*>(.*)</body>", done.stdout, re.DOTALL).group(1)
    return json.loads(found.replace("&lt;", "<").replace("&gt;", ">").replace("&amp;", "&"))
