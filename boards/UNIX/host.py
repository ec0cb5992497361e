"""What the host says at the start: the command line, the host's name servers, mini-programs in folders of the host."""

import sys

import vfs


def options(arguments):
    """The command line as a dict of text; "--app", which may come again and again, as a list."""
    found = {"--flash-kb": "1024", "--app": []}
    arguments = iter(arguments)
    for name in arguments:
        if name == "--app":
            found[name].append(next(arguments))
        else:
            found[name] = next(arguments)
    return found


def name_servers(given):
    """What --name-server names, else what the host itself asks: list of (IP as text, port)."""
    if given:
        address, _, port = given.rpartition(":")
        return [(address, int(port))]
    try:
        with open("/etc/resolv.conf") as file:
            lines = [line.split() for line in file]
    except OSError:
        return []
    return [(words[1], 53) for words in lines if len(words) > 1 and words[0] == "nameserver"]


def mount(flash, apps_folder, apps):
    """Put the flash at / and the folders of `apps` (ID=FOLDER) below apps_folder; the host's files are out of reach then."""
    import rootfs

    hosts = []
    for app in apps:
        name, _, folder = app.partition("=")
        hosts.append((name, vfs.VfsPosix(folder)))
    sys.path[:] = [".frozen"]  # the port also puts the host's working folder there
    vfs.umount("/")
    rootfs.mount(flash)
    for name, host in hosts:
        vfs.mount(host, apps_folder + "/" + name, readonly=True)
    del sys.modules[__name__]  # it has done its work
