"""
A page of boxes with transforms, for a kiosk and for Chromium.
"""

import base64
import io
import subprocess
from pathlib import Path

from PIL import Image

from host_tools.paths import ROOT
from tests.system.pages.browser import EXECUTABLE


def _picture():
    """A BMP of three colors: of all kinds it takes the least memory, and this page has much on it."""
    image = Image.new("RGB", (40, 40), (255, 0, 0))
    image.paste((0, 0, 255), (20, 0, 40, 40))
    image.paste((0, 128, 0), (0, 30, 40, 40))
    out = io.BytesIO()
    image.save(out, "BMP")
    return out.getvalue()


FILES = {"p.bmp": _picture()}
WXSS = """
.b { position: absolute; box-sizing: border-box; font-size: 20px; line-height: 28px; overflow: visible }
.a { left: 20px; top: 30px; width: 100px; height: 40px; background: #ffe0a0; border: 3px solid #c04000; color: #004080; transform: rotate(30deg) }
.s { left: 130px; top: 20px; width: 80px; height: 40px; background: #a0e0ff; border: 2px solid #0000a0; border-radius: 12px; transform: skewX(20deg) }
.m { left: 230px; top: 20px; width: 60px; height: 50px; background: linear-gradient(to top right, #40a040, #ffff00); transform: matrix(0.8, 0.5, -0.3, 1.1, 4, 6) }
.p { left: 20px; top: 110px; width: 70px; height: 70px; overflow: hidden; background: #eeeeee; transform: rotate(-0.05turn) translate(10%, 5px) }
.c { left: 30px; top: 30px; width: 60px; height: 60px; background: rgba(255, 0, 255, 0.5); transform: rotate(45deg) }
.z { left: 120px; top: 110px; width: 60px; height: 40px; background: #203040; color: #ffffff; transform: scale(1.5, 0.75); transform-origin: 0 0 }
.d { left: 230px; top: 100px; width: 60px; height: 60px; background: #008080; border-left: 8px solid #ff8000; border-top: 4px solid #000000; transform: rotateY(60deg) rotate(0.2rad) }
.t { left: 120px; top: 180px; width: 150px; height: 30px; color: #000000; transform: rotate(-12deg) }
.i { left: 270px; top: 180px; width: 40px; height: 40px; transform: rotate(25deg); }
.g { left: 10px; top: 202px; width: 90px; height: 30px; border-radius: 9px; background: linear-gradient(160deg, #ff0000, #0000ff 60%, rgba(0, 255, 0, 0.5)) }
.j { width: 40px; height: 40px; display: block }
"""
WXML = """<view class="b a" bindtap="heard">Kiosk</view><view class="b s"></view><view class="b m"></view>
<view class="b p"><view class="b c"></view></view><view class="b z">Abc</view><view class="b d"></view>
<view class="b g"></view><view class="b t">Grüße an alle!</view><view class="b i"><image class="j" src="/p.bmp"/></view>"""
_HTML = """<!DOCTYPE html><meta charset="utf-8"><style>@font-face { font-family: F; src: url(%s) }
html, body { margin: 0; width: 320px; height: 240px; overflow: hidden; background: white; font: 16px F; font-kerning: none }
view { display: block } %s</style><body>%s"""


def chromium(folder: Path) -> Image.Image:
    """Chromium's picture of it."""
    data = base64.b64encode(FILES["p.bmp"]).decode()
    markup = WXML.replace("<image", "<img").replace("/p.bmp", f"data:image/bmp;base64,{data}")
    font = (ROOT / "build" / "sources" / "fonts" / "OpenSans-Regular.ttf").as_uri()
    (folder / "page.html").write_text(_HTML % (font, WXSS, markup), encoding="utf-8")
    command = [EXECUTABLE, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=320,240"]
    command += ["--allow-file-access-from-files", "--disable-lcd-text", f"--screenshot={folder / 'chromium.png'}"]
    command += [f"--user-data-dir={folder / 'profile'}", (folder / "page.html").as_uri()]
    subprocess.run(command, capture_output=True, timeout=200, check=True)
    with Image.open(folder / "chromium.png") as file:
        return file.convert("RGB")
