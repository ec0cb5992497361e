"""Fetch the programs that the tests talk to and that no Python package brings: nginx, and what tests/peers asks of npm.

nginx is unpacked, not installed: an installed one would also start.  It comes of the machine's own suite, whose
libraries it runs with.

    python3 -m host_tools.setup.peers build/peers
"""

import argparse
import re
import shutil
import subprocess
import sys
from pathlib import Path

from host_tools.paths import ROOT
from host_tools.setup.progress import BuildError, step
from host_tools.setup.sources import PrivateApt

NODE_PACKAGES = ROOT / "tests" / "peers"


def run(command, cwd=None):
    """Run a command; BuildError with its last line if it fails."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise BuildError(f"{command[0]}: {' '.join(last)}")


def fetch_nginx(folder):
    """Put nginx below `folder`, at usr/sbin/nginx, with its module for RTMP, and see that it starts."""
    suite = re.search(r"^VERSION_CODENAME=(\S+)", Path("/etc/os-release").read_text(encoding="utf-8"), re.M)
    apt = PrivateApt(folder.parent / "apt", suite.group(1) if suite else "stable")
    apt.run("apt-get", "update")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    apt.run("apt-get", "download", "nginx", "libnginx-mod-rtmp", cwd=folder)
    for package in folder.glob("*.deb"):
        run(["dpkg", "-x", package, folder])
    run([folder / "usr" / "sbin" / "nginx", "-v"])


def fetch_node_packages(folder, source=NODE_PACKAGES):
    """Put what the package-lock.json in `source` pins into folder/node_modules; npm checks the hashes."""
    folder.mkdir(exist_ok=True)
    for name in ("package.json", "package-lock.json"):
        shutil.copy(source / name, folder / name)
    run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder)


def main(argv=None):
    """Fetch everything anew."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args(argv).folder.resolve()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with step("fetching nginx (large files, Range, TLS, RTMP)"):
            fetch_nginx(folder / "nginx")
        with step("fetching ws, typescript and miniprogram-api-typings"):
            fetch_node_packages(folder / "node")
    except BuildError as error:
        print(f"mpkiosk: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
