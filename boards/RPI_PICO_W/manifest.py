"""The Pico W: what every board freezes but most fonts and pinyin (2 MB of flash), and its own wiring as the module `board`."""

include("../common/manifest.py")
include("../common/manifest_board.py")
module("kiosk/ui/fonts/__init__.py", opt=2)
for font in ("regular12", "regular16", "regular24", "bold16"):
    module("kiosk/ui/fonts/" + font + ".py", base_path="../../build/fonts", opt=2)
module("rp2.py", base_path="$(PORT_DIR)/modules", opt=2)
module("board.py", opt=2)
module("sound.py", opt=2)
module("audio/inmp441.py", base_path="../../drivers", opt=2)
module("audio/max98357a.py", base_path="../../drivers", opt=2)
module("screen.py", opt=2)
module("dmasender.py", base_path="../common", opt=2)
module("display/panel.py", base_path="../../drivers", opt=2)
module("display/st7789.py", base_path="../../drivers", opt=2)
module("touch/glass.py", base_path="../../drivers", opt=2)
module("touch/ft6x36.py", base_path="../../drivers", opt=2)
