"""Fetch the programs that the tests talk to and that no Python package brings: nginx, GStreamer, and what tests/peers asks of npm.

nginx and GStreamer's RTSP server are unpacked, not installed: an installed nginx would also start.  They come of the machine's own suite,
whose libraries they run with.

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
# GStreamer's RTSP server, its bindings for Python, and of its 200 plugins those that serve an AVI file.
GSTREAMER = [
    "libgstreamer1.0-0",
    "libgstreamer-plugins-base1.0-0",
    "liborc-0.4-0",
    "libgstrtspserver-1.0-0",
    "gstreamer1.0-plugins-base",
    "gstreamer1.0-plugins-good",
    "gir1.2-gstreamer-1.0",
    "gir1.2-gst-plugins-base-1.0",
    "gir1.2-gst-rtsp-server-1.0",
    "gir1.2-glib-2.0",
    "libgirepository-1.0-1",
    "python3-gi",
    "libglib2.0-0",
    "libunwind8",
    "libdw1",
    "libelf1",
]
SYSTEM_PYTHON = "/usr/bin/python3"  # whose version those bindings are for
GSTREAMER_PLUGINS = ["coreelements", "avi", "audioconvert", "mulaw", "rtp", "rtpmanager", "tcp", "udp", "app"]


def run(command, cwd=None):
    """Run a command; BuildError with its last line if it fails."""
    done = subprocess.run([str(part) for part in command], cwd=cwd, capture_output=True, text=True, check=False)
    if done.returncode:
        last = (done.stderr.strip() or done.stdout.strip()).splitlines()[-1:]
        raise BuildError(f"{command[0]}: {' '.join(last)}")


def fetch_unpacked(folder, packages):
    """Put these packages of Debian below `folder`."""
    suite = re.search(r"^VERSION_CODENAME=(\S+)", Path("/etc/os-release").read_text(encoding="utf-8"), re.M)
    apt = PrivateApt(folder.parent / "apt", suite.group(1) if suite else "stable")
    apt.run("apt-get", "update")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    apt.run("apt-get", "download", *packages, cwd=folder)
    for package in folder.glob("*.deb"):
        run(["dpkg", "-x", package, folder])
        package.unlink()


def fetch_nginx(folder):
    """Put nginx below `folder`, at usr/sbin/nginx, with its module for RTMP, and see that it starts."""
    fetch_unpacked(folder, ("nginx", "libnginx-mod-rtmp"))
    run([folder / "usr" / "sbin" / "nginx", "-v"])


def gstreamer_environment(folder):
    """dict: what a Python of the machine's own needs to run GStreamer from `folder`."""
    (libraries,) = {path.parent for path in folder.glob("usr/lib/*/libgstreamer-1.0.so.0")}
    return {
        "LD_LIBRARY_PATH": str(libraries),
        "GI_TYPELIB_PATH": str(libraries / "girepository-1.0"),
        "PYTHONPATH": str(folder / "usr" / "lib" / "python3" / "dist-packages"),
        "GST_PLUGIN_SYSTEM_PATH": str(libraries / "gstreamer-1.0"),
        "GST_REGISTRY": str(folder / "registry.bin"),
        "GST_REGISTRY_FORK": "no",
    }


def fetch_gstreamer(folder):
    """Put GStreamer's RTSP server below `folder`, and see that it can be loaded."""
    fetch_unpacked(folder, GSTREAMER)
    environment = gstreamer_environment(folder)
    for plugin in Path(environment["GST_PLUGIN_SYSTEM_PATH"]).glob("libgst*.so"):
        if plugin.stem[len("libgst") :] not in GSTREAMER_PLUGINS:
            plugin.unlink()
    code = "import gi; gi.require_version('GstRtspServer', '1.0'); from gi.repository import GstRtspServer"
    run(["env", *[f"{name}={value}" for name, value in environment.items()], SYSTEM_PYTHON, "-c", code])


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
        with step("fetching GStreamer (RTSP)"):
            fetch_gstreamer(folder / "gstreamer")
        with step("fetching ws, typescript and miniprogram-api-typings"):
            fetch_node_packages(folder / "node")
    except BuildError as error:
        print(f"mpkiosk: {error}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
