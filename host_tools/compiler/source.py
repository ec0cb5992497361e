"""Where something stands in a mini-program's files, and what is said about it."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import List

from host_tools.errors import HostError


class CompileError(HostError):
    """Markup or a style sheet has a fault; the text is `file:line:column: what is wrong`."""


@dataclass(frozen=True)
class Source:
    """The text of one file; `name` is its path within the mini-program."""

    name: str
    text: str

    def place(self, offset: int) -> str:
        """`file:line:column` of a character, both counted from one."""
        before = self.text[:offset]
        return f"{self.name}:{before.count(chr(10)) + 1}:{offset - before.rfind(chr(10))}"

    def fault(self, offset: int, text: str) -> CompileError:
        """An error at a character."""
        return CompileError(f"{self.place(offset)}: {text}")


@dataclass
class Folder:
    """A mini-program's source folder, and the warnings that came up while its files were compiled."""

    root: Path
    warnings: List[str] = field(default_factory=list)

    def read(self, name: str, wanted_at: str = "") -> Source:
        """A file by its path within the folder; `wanted_at` is the place that asks for it."""
        path = self.root / name
        if not path.resolve().is_relative_to(self.root.resolve()):
            raise CompileError(f"{wanted_at}: {name} is outside of the mini-program")
        try:
            return Source(name, path.read_text(encoding="utf-8").replace("\r\n", "\n"))
        except UnicodeDecodeError as error:
            raise CompileError(f"{name}: no UTF-8 at byte {error.start}") from error
        except OSError as error:
            raise CompileError(f"{wanted_at or name}: {name} cannot be read: {error.strerror}") from error

    def beside(self, source: Source, path: str) -> str:
        """The name of the file that `source` calls `path`: absolute with a leading slash, else beside it."""
        parts = [] if path.startswith("/") else source.name.split("/")[:-1]
        for part in path.split("/"):
            if part == ".." and parts:
                parts.pop()
            elif part not in ("", "."):
                parts.append(part)
        return "/".join(parts)

    def warn(self, place: str, text: str) -> None:
        """Note something that is left out; the rest is shown."""
        message = f"{place}: {text}"
        if message not in self.warnings:
            self.warnings.append(message)
