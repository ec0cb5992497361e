"""Fetch, check and unpack the C sources that the firmware is built from.

Most are Debian source packages of one fixed suite.  A private apt configuration (own lists, own cache, the
machine's own mirrors and keyring) fetches them, so no root is needed, nothing of the machine's apt is changed, and
apt's signature check vouches for every byte.  Run as a script; it needs nothing beyond the standard library, pip, apt and
dpkg-dev:

    python3 -m host_tools.setup.sources build/sources
"""

import argparse
import json
import math
import os
import re
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from host_tools.setup.edit import edit
from host_tools.setup.faad2 import fit_faad2
from host_tools.setup.freetype import fit_freetype
from host_tools.setup.progress import BuildError, step

SUITE = "trixie"  # Debian 13, the stable release that keeps the versions below


@dataclass(frozen=True)
class Source:
    """One source package: its name, the upstream versions we accept, and why we want it."""

    package: str
    upstream: str  # regular expression for the upstream version
    purpose: str
    patched: bool = True  # with what Debian mended; else the upstream archive alone, whose hash apt checks all the same


SOURCES = (
    Source("micropython", r"1\.25\.0\b.*", "the interpreter and its ports"),
    Source("mbedtls", r"3\.6\.\d+\b.*", "TLS (long-term support branch)"),
)

# The libraries of firmware/cmodules/codecs.
CODECS = (
    Source("faad2", r"2\.11\.\d+\b.*", "AAC decoding, for GPL_CODECS=1"),
    Source("shine", r"3\.1\.\d+\b.*", "MP3 encoding"),
    Source("vo-aacenc", r"0\.1\.3\b.*", "AAC encoding", patched=False),
)

# The libraries of firmware/cmodules/images.  Of Debian's patches none is for what is compiled of them.
IMAGES = (
    Source("libspng", r"0\.7\.4\b.*", "PNG decoding", patched=False),
    Source("zlib", r"1\.3\..*1\.3\.1\b.*", "inflating, under libspng", patched=False),
    Source("libjpeg-turbo", r"2\.1\.5\b.*", "JPEG decoding", patched=False),
)

# The library of firmware/cmodules/fonts.
FONTS = (Source("freetype", r"2\.13\.3\b.*", "reading and drawing TrueType fonts"),)

# Sources that Debian keeps in binary packages, below usr/src: what the RP2040 port finds in lib/.
UNPACKED = (
    Source("pico-sdk-source", r"2\.1\.1\b.*", "the RP2040's registers, clocks and boot code"),
    Source("tinyusb-source", r"0\.18\.0\b.*", "the RP2040's USB"),
)


# What Debian's archive has only for some suites comes from Python's package index, by its hash.
BROTLI = "Brotli==1.1.0 --hash=sha256:81de08ac11bcb85841e440c13611c00b67d3bf82698314928d0b676362546724"


def archive_stanzas(etc=Path("/etc/apt"), os_release=Path("/etc/os-release")):
    """Yield (uris, keyring or None) of the machine's Debian archives that hold its base suite."""
    codename = re.search(r"^VERSION_CODENAME=(\S+)", os_release.read_text(), re.M)
    base = codename.group(1) if codename else "stable"
    for path in sorted(etc.glob("sources.list.d/*.sources")):
        for stanza in path.read_text().split("\n\n"):
            fields = dict(re.findall(r"^([\w-]+):[ \t]*(.*)$", stanza, re.M))
            if base in fields.get("Suites", "").split() and "URIs" in fields:
                yield fields["URIs"], fields.get("Signed-By")
    for path in [etc / "sources.list", *sorted(etc.glob("sources.list.d/*.list"))]:
        if not path.exists():
            continue
        for line in path.read_text().splitlines():
            match = re.match(r"deb\s+(?:\[(.*?)\]\s+)?(\S+)\s+(\S+)\s+.*\bmain\b", line)
            if match and match.group(3) == base:
                signed_by = re.search(r"signed-by=(\S+)", match.group(1) or "")
                yield match.group(2), signed_by.group(1) if signed_by else None


class PrivateApt:
    """An apt whose lists and cache live under one folder and whose suite is fixed."""

    def __init__(self, root, suite=SUITE):
        self.root = root
        for folder in ("lists/partial", "cache/archives/partial"):
            (root / folder).mkdir(parents=True, exist_ok=True)
        (root / "status").touch()
        self._write_sources(suite)

    def _write_sources(self, suite):
        stanzas = []
        for uris, keyring in archive_stanzas():
            lines = ["Types: deb deb-src", "URIs: " + uris, "Suites: " + suite, "Components: main"]
            keyring = keyring or "/usr/share/keyrings/debian-archive-keyring.gpg"
            stanzas.append("\n".join([*lines, "Signed-By: " + keyring]))
        if not stanzas:
            raise BuildError(
                "no Debian archive in apt's sources; pass MICROPYTHON_DIR=<a git checkout with its submodules>"
            )
        (self.root / "archive.sources").write_text("\n\n".join(stanzas) + "\n")

    def run(self, tool, *args, cwd=None):
        """Run one apt tool against the private configuration and return what it printed."""
        options = {
            "Dir::State": self.root,
            "Dir::State::lists": self.root / "lists",
            "Dir::State::status": self.root / "status",
            "Dir::Cache": self.root / "cache",
            "Dir::Etc::SourceList": self.root / "archive.sources",
            "Dir::Etc::SourceParts": "-",
            "APT::Sandbox::User": "",
            "Debug::NoLocking": "1",
            "Acquire::Retries": "3",
        }
        command = [tool]
        for key, value in options.items():
            command += ["-o", f"{key}={value}"]
        environment = {**os.environ, "LC_ALL": "C.UTF-8"}
        done = subprocess.run([*command, *args], cwd=cwd, env=environment, capture_output=True, text=True, check=False)
        if done.returncode:
            last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
            raise BuildError(f"{tool} {' '.join(args)}: {' '.join(last)}")
        return done.stdout

    def newest(self, source, kind="showsrc"):
        """The newest version of a source package (kind "show": of a binary package) that matches its pin."""
        text = self.run("apt-cache", kind, source.package)
        found = re.findall(r"^Version: (\S+)$", text, re.M)
        matching = [v for v in found if re.fullmatch(source.upstream, v.split(":")[-1])]
        if not matching:
            raise BuildError(f"{source.package}: none of {sorted(set(found))} matches {source.upstream}")
        best = matching[0]
        for version in matching[1:]:
            if subprocess.run(["dpkg", "--compare-versions", version, "gt", best], check=False).returncode == 0:
                best = version
        return best


def fetch(apt, source, folder):
    """Download, check and unpack one source package to `folder/<package>`; return its version."""
    version = apt.newest(source)
    packed = folder / "packed" / source.package
    shutil.rmtree(packed, ignore_errors=True)
    packed.mkdir(parents=True)
    target = folder / source.package
    shutil.rmtree(target, ignore_errors=True)
    if not source.patched:
        apt.run("apt-get", "source", "--download-only", "--tar-only", f"{source.package}={version}", cwd=packed)
        (archive,) = packed.glob("*.orig.tar.*")
        shutil.unpack_archive(archive, packed)
        (unpacked,) = (path for path in packed.iterdir() if path.is_dir())
        unpacked.rename(target)
        return version
    apt.run("apt-get", "source", "--download-only", f"{source.package}={version}", cwd=packed)
    (description,) = packed.glob("*.dsc")
    done = subprocess.run(
        ["dpkg-source", "--no-check", "-x", description.name, str(target.resolve())],
        cwd=packed,
        capture_output=True,
        text=True,
        check=False,
    )  # fmt: skip  (apt has checked the hashes already: --no-check only skips the uploader's own signature)
    if done.returncode:
        raise BuildError(f"dpkg-source {description.name}: {done.stderr.strip().splitlines()[-1]}")
    return version


def fetch_brotli(folder):
    """Download and unpack Google's Brotli to `folder/brotli`; return its version.  pip checks the hash."""
    packed = folder / "packed" / "brotli"
    shutil.rmtree(packed, ignore_errors=True)
    packed.mkdir(parents=True)
    (packed / "wanted.txt").write_text(BROTLI + "\n", encoding="utf-8")
    command = [sys.executable, "-m", "pip", "download", "--require-hashes", "--no-deps", "--no-binary", ":all:"]
    command += ["--no-build-isolation", "--dest", packed, "-r", packed / "wanted.txt"]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"pip download {BROTLI.split()[0]}: {' '.join(done.stderr.splitlines()[-1:])}")
    (archive,) = packed.glob("*.tar.gz")
    target = folder / "brotli"
    shutil.rmtree(target, ignore_errors=True)
    shutil.unpack_archive(archive, packed)
    (packed / archive.name[: -len(".tar.gz")]).rename(target)
    return BROTLI.split()[0].partition("==")[2]


def fetch_unpacked(apt, source, folder):
    """Download a binary package of sources and put its usr/src/<name> into `folder`; return its version."""
    version = apt.newest(source, "show")
    packed = folder / "packed" / source.package
    shutil.rmtree(packed, ignore_errors=True)
    packed.mkdir(parents=True)
    apt.run("apt-get", "download", f"{source.package}={version}", cwd=packed)
    (package,) = packed.glob("*.deb")
    done = subprocess.run(["dpkg", "-x", package.name, "."], cwd=packed, capture_output=True, text=True, check=False)
    if done.returncode:
        raise BuildError(f"dpkg -x {package.name}: {done.stderr.strip().splitlines()[-1]}")
    name = source.package[: -len("-source")]
    shutil.rmtree(folder / name, ignore_errors=True)
    (packed / "usr" / "src" / name).rename(folder / name)
    return version


def move_table_of_shine(folder):
    """Move shine's table of x**0.75 from each encoder's memory (40 KB, computed in double) to constants (20 KB)."""
    sources = folder / "shine" / "src" / "lib"
    computed = """  for(i=10000; i--;)
    config->l3loop.int2idx[i] = (int)(sqrt(sqrt((double)i)*(double)i) - 0.0946 + 0.5);
"""
    numbers = ",".join(str(int(math.sqrt(math.sqrt(i) * i) - 0.0946 + 0.5)) for i in range(10000))
    for name, before, after in (
        ("types.h", "  int int2idx[10000]; /* x**(3/4)   for x = 0..9999 */\n", ""),
        ("l3loop.c", computed, ""),
        ("l3loop.c", "config->l3loop.int2idx[ln]", "shine_int2idx[ln]"),
        ("tables.h", "#endif", "extern const uint16_t shine_int2idx[10000];\n\n#endif"),
    ):
        edit(sources, name, before, after)
    with (sources / "tables.c").open("a", encoding="utf-8") as tables:
        tables.write("\nconst uint16_t shine_int2idx[10000] = {" + numbers + "};\n")


def shrink_images(folder):
    """Let the libraries of pictures read and allocate in smaller pieces, and leave out what is not compiled.

    They are written for machines with megabytes.
    """
    unwanted = ("DCT_IFAST", "DCT_FLOAT", "QUANT_1PASS", "QUANT_2PASS")
    for path, before, after in (
        *(("libjpeg-turbo/jmorecfg.h", f"#define {name}_SUPPORTED ", f"#undef {name}_SUPPORTED ") for name in unwanted),
        ("libspng/spng/spng.c", "#define SPNG_READ_SIZE (8192)", "#define SPNG_READ_SIZE (1024)"),
        (
            "libjpeg-turbo/jmemmgr.c",
            "  1600,                         /* first",
            "  512,                          /* first",
        ),
        (
            "libjpeg-turbo/jmemmgr.c",
            "  16000                         /* first",
            "  512                           /* first",
        ),
        (
            "libjpeg-turbo/jmemmgr.c",
            "  5000                          /* additional",
            "  512                           /* additional",
        ),
    ):
        edit(folder, path, before, after)


def join_tree(folder):
    """Put the libraries where MicroPython's build looks for its submodules."""
    libraries = folder / "micropython" / "lib"
    for name in (
        *("mbedtls", "brotli", "pico-sdk", "tinyusb", "faad2", "shine", "vo-aacenc"),
        *("libspng", "zlib", "libjpeg-turbo", "freetype"),
    ):
        shutil.rmtree(libraries / name, ignore_errors=True)
        shutil.copytree(folder / name, libraries / name, symlinks=True)
    # The build takes a missing README.md in a submodule's folder for a missing submodule.
    for name in ("mbedtls", "micropython-lib", "berkeley-db-1.xx", "libffi", "axtls"):
        (libraries / name).mkdir(exist_ok=True)
        (libraries / name / "README.md").touch()


def main(argv=None):
    """Fetch what is not there yet; `versions.json` in the folder records what was used."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(argv).folder
    record = folder / "versions.json"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        apt = PrivateApt((folder / "apt").resolve())
        with step(f"reading the package lists of Debian {SUITE}"):
            apt.run("apt-get", "update")
        versions = {}
        for source in (*SOURCES, *CODECS, *IMAGES, *FONTS):
            with step(f"fetching {source.package} ({source.purpose})"):
                versions[source.package] = fetch(apt, source, folder)
        with step("fetching brotli (the decoder under readCompressedFile)"):
            versions["brotli"] = fetch_brotli(folder)
        for source in UNPACKED:
            with step(f"fetching {source.package} ({source.purpose})"):
                versions[source.package] = fetch_unpacked(apt, source, folder)
        move_table_of_shine(folder)
        fit_faad2(folder)
        shrink_images(folder)
        fit_freetype(folder)
        join_tree(folder)
        record.write_text(json.dumps(versions, indent=2, sort_keys=True) + "\n")
    except BuildError as error:
        print(f"mpkiosk: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
