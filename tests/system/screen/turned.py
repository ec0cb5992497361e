"""
A page of boxes with transforms, for a kiosk and for Chromium.

    python -m tests.system.screen.turned FILE.png     both pictures, beside each other, to look at
"""

import base64
import subprocess
import sys
import tempfile
from pathlib import Path

from PIL import Image

from host_tools.paths import ROOT
from tests.system.components.pictures import png
from tests.system.pages.browser import EXECUTABLE

PICTURE = png(40, 40, (255, 0, 0, 255), (0, 0, 255, 128))
WXSS = """
.b { position: absolute; box-sizing: border-box; font-size: 20px; line-height: 28px; overflow: visible }
.a { left: 20px; top: 30px; width: 100px; height: 40px; background: #ffe0a0; border: 3px solid #c04000; color: #004080; transform: rotate(30deg) }
.s { left: 130px; top: 20px; width: 80px; height: 40px; background: #a0e0ff; border: 2px solid #0000a0; border-radius: 12px; transform: skewX(20deg) }
.m { left: 230px; top: 20px; width: 60px; height: 50px; background: #40a040; transform: matrix(0.8, 0.5, -0.3, 1.1, 4, 6) }
.p { left: 20px; top: 110px; width: 70px; height: 70px; overflow: hidden; background: #eeeeee; transform: rotate(-0.05turn) translate(10%, 5px) }
.c { left: 30px; top: 30px; width: 60px; height: 60px; background: rgba(255, 0, 255, 0.5); transform: rotate(45deg) }
.z { left: 120px; top: 110px; width: 60px; height: 40px; background: #203040; color: #ffffff; transform: scale(1.5, 0.75); transform-origin: 0 0 }
.d { left: 230px; top: 100px; width: 60px; height: 60px; background: #008080; border-left: 8px solid #ff8000; border-top: 4px solid #000000; transform: rotateY(60deg) rotate(0.2rad) }
.t { left: 120px; top: 180px; width: 150px; height: 30px; color: #000000; transform: rotate(-12deg) }
.i { left: 270px; top: 180px; width: 40px; height: 40px; transform: rotate(25deg); }
.j { width: 40px; height: 40px; display: block }
"""
WXML = """<view class="b a" bindtap="heard">Kiosk</view><view class="b s"></view><view class="b m"></view>
<view class="b p"><view class="b c"></view></view><view class="b z">Abc</view><view class="b d"></view>
<view class="b t">Grüße an alle!</view><view class="b i"><image class="j" src="/p.png"/></view>"""
_HTML = """<!DOCTYPE html><meta charset="utf-8"><style>@font-face { font-family: F; src: url(%s) }
html, body { margin: 0; width: 320px; height: 240px; overflow: hidden; background: white; font: 16px F; font-kerning: none }
view { display: block } %s</style><body>%s"""


def chromium(folder: Path) -> Image.Image:
    """Chromium's picture of it."""
    markup = WXML.replace("<image", "<img").replace("/p.png", "data:image/png;base64," + base64.b64encode(PICTURE).decode())
    font = (ROOT / "build" / "sources" / "fonts" / "OpenSans-Regular.ttf").as_uri()
    (folder / "page.html").write_text(_HTML % (font, WXSS, markup), encoding="utf-8")
    command = [EXECUTABLE, "--headless", "--no-sandbox", "--disable-gpu", "--hide-scrollbars", "--window-size=320,240"]
    command += ["--allow-file-access-from-files", "--disable-lcd-text", f"--screenshot={folder / 'chromium.png'}"]
    command += [f"--user-data-dir={folder / 'profile'}", (folder / "page.html").as_uri()]
    subprocess.run(command, capture_output=True, timeout=200, check=True)
    with Image.open(folder / "chromium.png") as file:
        return file.convert("RGB")
