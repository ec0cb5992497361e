"""An edit of a fetched source, which must find what it is about."""

from pathlib import Path

from host_tools.setup.progress import BuildError


def edit(folder: Path, name: str, before: str, after: str, count: int = 1) -> None:
    """Replace a text in a file below `folder`; BuildError unless it is there `count` times."""
    text = (folder / name).read_text(encoding="utf-8")
    if text.count(before) != count:
        raise BuildError(f"{name} has not the {count} {before.strip()!r} that it had")
    (folder / name).write_text(text.replace(before, after), encoding="utf-8")
