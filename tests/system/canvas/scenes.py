"""
Drawing calls that are both Python and JavaScript, for wx's contexts and for Chromium's canvas, which gets the setters that it lacks.

    python -m tests.system.canvas.scenes FOLDER     both pictures of each scene, beside each other, to look at
"""

import base64
import io
import json
import re
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from tests.system.pages.browser import EXECUTABLE

WIDTH, HEIGHT = 160, 120
SCENES = {
    "rectangles": """
c.setFillStyle("#d0021b"); c.fillRect(10, 10, 40, 30); c.fillRect(60.25, 10.5, 40.5, 30.25); c.fillRect(140, 100, 90, 90)
c.setFillStyle("rgba(0, 80, 200, 0.5)"); c.fillRect(30, 25, 60, 40); c.fillRect(-20, 70, 60, 20); c.fillRect(150, -9, -40, 50)
c.setLineWidth(3); c.setStrokeStyle("green"); c.strokeRect(70, 70, 50, 30); c.setLineWidth(1); c.strokeRect(80.5, 78.5, 30, 14)
""",
    "polygons": """
c.beginPath(); c.moveTo(40, 5); c.lineTo(60, 65); c.lineTo(8, 28); c.lineTo(72, 28); c.lineTo(20, 65); c.closePath()
c.setFillStyle("orange"); c.fill()
c.beginPath(); c.moveTo(90, 10); c.lineTo(150, 20.3); c.lineTo(95.7, 60); c.fill()
c.beginPath(); c.rect(20, 75, 60, 40); c.moveTo(30, 80); c.lineTo(30, 110); c.lineTo(70, 110); c.lineTo(70, 80); c.closePath()
c.setFillStyle("navy"); c.fill()
c.beginPath(); c.moveTo(100, 70); c.lineTo(100000, 100000); c.lineTo(100, 110); c.fill()
""",
    "arcs": """
c.setFillStyle("#1aad19"); c.beginPath(); c.arc(35, 35, 25, 0, 6.283185307179586); c.fill()
c.beginPath(); c.moveTo(100, 35); c.arc(100, 35, 28, 0.5, 4.2); c.closePath(); c.setFillStyle("#10aeff"); c.fill()
c.beginPath(); c.arc(35, 90, 20, 1, 5, 1 > 0); c.setLineWidth(4); c.stroke()
c.beginPath(); c.moveTo(80, 75); c.arcTo(150, 75, 150, 115, 18); c.lineTo(150, 115); c.setStrokeStyle("red"); c.setLineWidth(2); c.stroke()
c.beginPath(); c.arc(100, 100, 6, 0, 7); c.fill()
""",
    "curves": """
c.setLineWidth(5); c.setStrokeStyle("#576b95"); c.beginPath(); c.moveTo(10, 60); c.bezierCurveTo(50, -60, 90, 160, 150, 30); c.stroke()
c.beginPath(); c.moveTo(10, 100); c.quadraticCurveTo(60, 20, 100, 110); c.setFillStyle("#ffbe00"); c.fill(); c.setLineWidth(1); c.stroke()
c.beginPath(); c.moveTo(120, 70); c.bezierCurveTo(180, 70, 90, 110, 150, 110); c.setLineWidth(8); c.setLineCap("round"); c.stroke()
""",
    "joins": """
c.setLineWidth(9)
c.setLineJoin("miter"); c.setLineCap("butt"); c.beginPath(); c.moveTo(10, 55); c.lineTo(28, 15); c.lineTo(46, 55); c.stroke()
c.setLineJoin("round"); c.setLineCap("round"); c.beginPath(); c.moveTo(62, 55); c.lineTo(80, 15); c.lineTo(98, 55); c.stroke()
c.setLineJoin("bevel"); c.setLineCap("square"); c.beginPath(); c.moveTo(114, 50); c.lineTo(130, 15); c.lineTo(146, 50); c.stroke()
c.setLineJoin("miter"); c.setMiterLimit(2); c.beginPath(); c.moveTo(15, 110); c.lineTo(25, 75); c.lineTo(35, 110); c.closePath(); c.stroke()
c.setMiterLimit(10); c.setLineWidth(5); c.beginPath(); c.moveTo(60, 110); c.lineTo(90, 75); c.lineTo(90, 110); c.lineTo(65, 80); c.closePath(); c.stroke()
c.setLineJoin("round"); c.beginPath(); c.moveTo(110, 80); c.lineTo(150, 80); c.lineTo(112, 90); c.lineTo(150, 100); c.stroke()
""",
    "dashes": """
c.setLineDash([8, 4]); c.setLineWidth(2); c.strokeRect(10, 10, 60, 40)
c.setLineDash([1, 6], 0); c.setLineWidth(4); c.setLineCap("round"); c.beginPath(); c.arc(115, 30, 22, 0, 1.5); c.stroke()
c.setLineCap("butt"); c.setLineDash([12, 3, 3], 7); c.beginPath(); c.moveTo(10, 70); c.lineTo(150, 70); c.lineTo(150, 110); c.lineTo(10, 105); c.stroke()
c.setLineDash([]); c.setLineWidth(1); c.beginPath(); c.moveTo(10, 85.5); c.lineTo(140, 85.5); c.stroke()
""",
    "transforms": """
c.save(); c.translate(40, 40); c.rotate(0.4); c.setFillStyle("#e64340"); c.fillRect(-20, -20, 40, 40); c.scale(0.5, 0.5); c.setFillStyle("white")
c.fillRect(-20, -20, 40, 40); c.restore(); c.fillRect(2, 2, 8, 8)
c.save(); c.transform(1, 0.3, -0.5, 1, 110, 10); c.fillRect(0, 0, 40, 40); c.restore()
c.setTransform(2, 0, 0, 2, 20, 75); c.setLineWidth(2); c.beginPath(); c.arc(10, 10, 8, 0, 7); c.stroke(); c.beginPath(); c.moveTo(25, 2)
c.translate(20, 0); c.lineTo(25, 18); c.stroke()
""",
    "gradients": """
g = c.createLinearGradient(10, 10, 150, 10); g.addColorStop(0, "red"); g.addColorStop(0.5, "yellow"); g.addColorStop(1, "blue")
c.setFillStyle(g); c.fillRect(10, 5, 140, 25)
g = c.createLinearGradient(20, 40, 60, 80); g.addColorStop(0.2, "#000"); g.addColorStop(0.8, "rgba(255, 0, 0, 0)"); c.setFillStyle(g); c.fillRect(10, 35, 60, 50)
g = c.createCircularGradient(110, 65, 28); g.addColorStop(0, "white"); g.addColorStop(0.6, "purple"); g.addColorStop(1, "green"); c.setFillStyle(g); c.fillRect(80, 35, 60, 60)
g = c.createLinearGradient(0, 0, 20, 0); g.addColorStop(0, "cyan"); g.addColorStop(1, "black"); c.setStrokeStyle(g); c.setLineWidth(6)
c.save(); c.translate(20, 90); c.rotate(0.3); c.strokeRect(0, 0, 20, 15); c.restore()
""",
    "clips": """
c.save(); c.beginPath(); c.arc(50, 50, 40, 0, 7); c.clip(); c.setFillStyle("#ffbe00"); c.fillRect(0, 0, 160, 120)
c.beginPath(); c.rect(30.5, 20, 90, 45.5); c.clip(); c.setFillStyle("#0a0"); c.fillRect(0, 0, 160, 120); c.clearRect(50, 40, 10, 10); c.restore()
c.setGlobalAlpha(0.4); c.setFillStyle("red"); c.fillRect(90, 60, 50, 50); c.setLineWidth(10); c.beginPath(); c.moveTo(80, 70); c.lineTo(150, 110)
c.lineTo(150, 60); c.stroke(); c.clearRect(100, 70, 20, 20)
""",
    "shadows": """
c.setShadow(6, 4, 0, "#888"); c.setFillStyle("orange"); c.fillRect(10, 10, 40, 30)
c.setShadow(4, 6, 8, "rgba(0, 0, 0, 0.6)"); c.fillRect(70, 10, 50, 40); c.beginPath(); c.arc(40, 85, 20, 0, 7); c.fill()
c.setShadow(0, 0, 12, "blue"); c.setLineWidth(6); c.beginPath(); c.moveTo(90, 80); c.lineTo(130, 100); c.stroke()
""",
}
_PAGE = """<!DOCTYPE html><html><body><script>
const proto = CanvasRenderingContext2D.prototype;
for (const name of ["FillStyle", "StrokeStyle", "GlobalAlpha", "LineWidth", "MiterLimit", "LineCap", "LineJoin"])
  proto["set" + name] = function (value) { this[name[0].toLowerCase() + name.slice(1)] = value; };
const dash = proto.setLineDash;
proto.setLineDash = function (pattern, offset) { dash.call(this, pattern); this.lineDashOffset = offset || 0; };
proto.setShadow = function (x, y, blur, color) { Object.assign(this, {shadowOffsetX: x, shadowOffsetY: y, shadowBlur: blur, shadowColor: color}); };
proto.createCircularGradient = function (x, y, r) { return this.createRadialGradient(x, y, 0, x, y, r); };
const found = {};
let c, g;
function scene(name, draw) {
  const canvas = document.createElement("canvas");
  canvas.width = %d; canvas.height = %d;
  c = canvas.getContext("2d");
  draw();
  found[name] = canvas.toDataURL();
}
%s
document.body.textContent = JSON.stringify(found);
</script></body></html>"""
_DRAW = """
import binascii, io
from kiosk.ui.canvas import Canvas, export
from wx.drawing import DrawingContext
def draw(width, height, scene):
    c = DrawingContext()
    scene(c)
    canvas = Canvas(width, height)
    canvas.run(c.getActions(), False)
    file = io.BytesIO()
    for _ in export.write_png(file, export.rows(canvas.shapes, 0, 0, width, height), width, height):
        pass
    print(str(binascii.b2a_base64(file.getvalue()), "ascii"))
"""


def chromium(folder: Path) -> dict:
    """Chromium's pictures: {scene: Image}."""
    scenes = "\n".join(f"scene({json.dumps(name)}, () => {{{code}}});" for name, code in SCENES.items())
    path = folder / "scenes.html"
    path.write_text(_PAGE % (WIDTH, HEIGHT, scenes), encoding="utf-8")
    command = [EXECUTABLE, "--headless", "--no-sandbox", "--disable-gpu", "--dump-dom"]
    command += [f"--user-data-dir={folder / 'profile'}", path.as_uri()]
    done = subprocess.run(command, capture_output=True, text=True, timeout=200, check=True)
    found = json.loads(re.search(r"<body[^>]*>(.*)</body>", done.stdout, re.DOTALL).group(1))
    return {name: _decoded(url.partition(",")[2]) for name, url in found.items()}


def ours(target, name: str) -> Image.Image:
    """The same scene, painted by a kiosk."""
    body = "\n".join("    " + line for line in SCENES[name].strip().splitlines())
    code = f"{_DRAW}\ndef scene(c):\n{body}\ndraw({WIDTH}, {HEIGHT}, scene)"
    return _decoded(target.exec(code, timeout_s=100))


def _decoded(text):
    return Image.open(io.BytesIO(base64.b64decode(text))).convert("RGBA")


def on_white(image: Image.Image) -> Image.Image:
    """A picture as it is seen."""
    seen = Image.new("RGBA", image.size, "white")
    seen.alpha_composite(image)
    return seen.convert("RGB")


def main() -> int:
    """Write both pictures of each scene, three times as large."""
    from host_tools.target import open_target

    folder = Path(sys.argv[1])
    with tempfile.TemporaryDirectory() as scratch, tempfile.TemporaryFile("w") as output:
        theirs = chromium(Path(scratch))
        with open_target("unix", output=output) as target:
            for name in SCENES:
                both = Image.new("RGB", (2 * WIDTH + 4, HEIGHT), "gray")
                both.paste(on_white(ours(target, name)), (0, 0))
                both.paste(on_white(theirs[name]), (WIDTH + 4, 0))
                both.resize((both.width * 3, both.height * 3), 0).save(folder / f"{name}.png")
    return 0


if __name__ == "__main__":
    sys.exit(main())
