"""What is in the image of a board."""

import re

from host_tools.paths import ROOT


def test_every_c_module_is_in_the_image(virtual):
    """A build leaves one out whose sources it does not find."""
    names = []
    for path in (ROOT / "firmware" / "cmodules").glob("*/*.c"):
        names += re.findall(r"MP_REGISTER_MODULE\(MP_QSTR_(\w+)", path.read_text(encoding="utf-8"))
    assert {"guard", "images", "codecs"} <= set(names)
    for name in names:
        virtual.exec(f"import {name}")
