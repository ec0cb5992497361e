"""Documents on the boards' screens: as in the reviewed pictures, moved and left by a finger."""

import pytest

from tests.system.screen.conftest import ask

BACK, NEXT, PREVIOUS, MENU = (16, 16), (300, 226), (20, 226), (304, 16)


@pytest.mark.parametrize("name", ["unix", "virtual"])
def test_a_word_document_is_read(reader, name):
    kiosk = reader(name, "book.docx")
    assert kiosk.open("book.docx", showMenu=True) == "openDocument:ok"
    assert kiosk.shows("document-docx")
    kiosk.touch((160, 200), (160, 150), (160, 60), (160, 60))
    assert kiosk.shows("document-docx-scrolled")
    kiosk.touch(BACK)
    assert kiosk.shows(
        lambda picture: kiosk.glass.image().getpixel((300, 30)) == (0, 195, 99) or picture[:3] != bytes(3)
    )
    assert ask(kiosk.target, "[name for name in __import__('sys').modules if name.startswith('kiosk.documents')]") == []
    assert not kiosk.glass.faults
