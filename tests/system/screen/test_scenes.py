"""What is painted is the same on every target, pixel for pixel, and as it was when somebody looked at it."""

import pytest
from PIL import Image, ImageChops

from tests.system.screen.scenes import REFERENCES, SCENES, image_of


@pytest.mark.parametrize("scene", SCENES)
def test_a_scene_is_what_it_was(screen, scene, tmp_path):
    target, glass, _ = screen
    target.exec("display.deinit()")
    seen = image_of(target, glass, scene)
    with Image.open(REFERENCES / f"{scene}.png") as file:
        wanted = file.convert("RGB")
    seen.save(tmp_path / f"{scene}.png")
    different = ImageChops.difference(seen, wanted).getbbox()
    assert different is None, f"{different} differ: {tmp_path}/{scene}.png"


def test_the_loops_are_machine_code(screen):
    target, _, _ = screen
    target.exec(
        "import kiosk\nfrom kiosk.ui.paint import pixels, plainpixels\nassert kiosk._pixels is not plainpixels.PLAIN"
    )
