"""`kiosk run --album FOLDER`: what is in the folder can be chosen, what is saved comes back."""

import pytest

from host_tools.cli.main import main
from host_tools.target import open_target
from tests.system.album.conftest import picture

PAGE = """
@Page
class Index:
    data = {}
    async def onReady(self):
        import os
        try:
            await wx.saveImageToPhotosAlbum(filePath="/own.jpg")
        except wx.Error as exc:
            print(exc.errMsg)
        wx.exitMiniProgram()
"""


@pytest.fixture
def app(tmp_path):
    """A mini-program that saves a picture of its package."""
    folder = tmp_path / "app"
    (folder / "pages" / "index").mkdir(parents=True)
    (folder / "app.json").write_text('{"pages": ["pages/index/index"]}')
    (folder / "pages" / "index" / "index.py").write_text(PAGE.replace("        import os\n", ""))
    (folder / "own.jpg").write_bytes(picture(1))
    return folder


def test_what_is_saved_comes_back(app, tmp_path, capfd):
    album = tmp_path / "album"
    album.mkdir()
    (album / "kiosk-000041.jpg").write_bytes(picture(2))
    (album / "read me.txt").write_text("text")
    command = ["run", str(app), "--headless", "--timeout", "60", "--album", str(album)]
    assert main([*command, "--allow", "scope.writePhotosAlbum"]) == 0
    names = sorted(path.name for path in album.iterdir())
    assert names == ["kiosk-000041.jpg", "kiosk-000042.jpg", "read me.txt"], capfd.readouterr()
    assert (album / "kiosk-000042.jpg").read_bytes() == picture(1)
    assert (album / "kiosk-000041.jpg").read_bytes() == picture(2)
    assert main(command) == 0
    assert "saveImageToPhotosAlbum:fail auth deny" in capfd.readouterr().out
    assert len(list(album.iterdir())) == 3


def test_what_is_no_folder_or_does_not_fit_is_refused(app, tmp_path, capfd):
    assert main(["run", str(app), "--headless", "--album", str(tmp_path / "none")]) == 1
    assert f"--album: {tmp_path / 'none'}: no such folder" in capfd.readouterr().err
    flash = tmp_path / "flash"
    with open_target("unix", flash=flash, flash_kb=192):
        pass  # it is made
    album = tmp_path / "album"
    album.mkdir()
    (album / "large.bmp").write_bytes(bytes(200 * 1024))
    assert main(["run", str(app), "--headless", "--album", str(album), "--flash", str(flash)]) == 1
    assert "large.bmp: it does not fit on the kiosk's flash" in capfd.readouterr().err
    with open_target("unix", flash=flash) as target:
        assert target.exec("import os\nprint(os.listdir('/album'))").strip() == "[]"
