"""What host_tools.setup.sources changes in the libraries of sound, and that it says when they are not what they were."""

import pytest

from host_tools.setup import sources
from host_tools.setup.progress import BuildError


def test_another_shine_is_an_error(tmp_path):
    folder = tmp_path / "shine" / "src" / "lib"
    folder.mkdir(parents=True)
    (folder / "types.h").write_text("int int2idx[9999];\n")
    with pytest.raises(BuildError, match=r"shine: types.h"):
        sources.move_table_of_shine(tmp_path)
