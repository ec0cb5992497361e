"""From a document to pictures of its pages: LibreOffice makes a PDF of office formats, pdftoppm pictures of a PDF.

Both are run without a shell, with a limit of time, in a folder of their own.
"""

import re
import shutil
import subprocess
from pathlib import Path
from typing import List

OFFICE = ("doc", "xls", "ppt", "docx", "xlsx", "pptx")
KINDS = ("pdf", *OFFICE)
MOST_PAGES = 500
_MOST_HEIGHT = 8000  # pixels; a kiosk takes 8,192
_OFFICE_PROGRAMS = ("soffice", "libreoffice")


class ConversionError(Exception):
    """A document cannot be converted; the text says why, in a line."""


def to_pdf(document: Path, kind: str, timeout_s: float) -> Path:
    """Return the PDF of a document of a kind; one of its own where it is none."""
    if kind == "pdf":
        return document
    program = next((shutil.which(name) for name in _OFFICE_PROGRAMS if shutil.which(name)), None)
    if program is None:
        raise ConversionError("this converter has no LibreOffice, so it converts PDF only")
    folder = document.parent
    profile = (folder / "profile").as_uri()  # of its own, so that several can run, and what one does is gone afterwards
    command = [program, f"-env:UserInstallation={profile}", "--headless", "--norestore", "--convert-to", "pdf"]
    _run([*command, "--outdir", str(folder / "made"), str(document)], timeout_s)
    made = folder / "made" / (document.stem + ".pdf")
    if not made.is_file():
        raise ConversionError("the document cannot be read")
    return made


def count_pages(pdf: Path, timeout_s: float) -> int:
    """Return how many pages a PDF has."""
    found = re.search(rb"^Pages:\s+(\d+)\s*$", _run(["pdfinfo", str(pdf)], timeout_s), re.MULTILINE)
    if not found or not int(found.group(1)):
        raise ConversionError("the document has no pages")
    if int(found.group(1)) > MOST_PAGES:
        raise ConversionError(f"the document has more than {MOST_PAGES} pages")
    return int(found.group(1))


def picture(pdf: Path, number: int, width: int, timeout_s: float) -> bytes:
    """Return the PNG of a page, which is `width` pixels wide."""
    size = _run(["pdfinfo", "-f", str(number), "-l", str(number), str(pdf)], timeout_s)
    found = re.search(rb"size:\s+([\d.]+) x ([\d.]+)", size)
    across, down = (float(side) for side in found.groups()) if found else (0, 0)
    if not across or not down or width * max(down / across, across / down) > _MOST_HEIGHT:
        raise ConversionError("the page is too long")
    command = ["pdftoppm", "-png", "-singlefile", "-f", str(number), "-l", str(number), "-scale-to-x", str(width)]
    made = _run([*command, "-scale-to-y", "-1", str(pdf)], timeout_s)
    if not made.startswith(b"\x89PNG"):
        raise ConversionError("the page cannot be drawn")
    return made


def _run(command: List[str], timeout_s: float) -> bytes:
    try:
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=timeout_s, check=False)
    except subprocess.TimeoutExpired:
        raise ConversionError("the document takes too long to convert") from None
    except FileNotFoundError:
        raise ConversionError(f"this converter has no {command[0]}") from None
    if done.returncode:
        said = done.stderr.decode("utf-8", "replace").strip().splitlines()
        encrypted = any("password" in line.lower() for line in said)
        raise ConversionError("the document is encrypted" if encrypted else "the document cannot be read")
    return done.stdout
