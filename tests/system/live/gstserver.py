"""GStreamer's RTSP server: gstserver.py PIPELINE [NAME:PASSWORD]; prints its port.  Run by the machine's own Python (peers.py)."""

import sys

import gi

gi.require_version("Gst", "1.0")
gi.require_version("GstRtspServer", "1.0")
from gi.repository import GLib, Gst, GstRtspServer  # noqa: E402

_DIGEST = 2  # GST_RTSP_AUTH_DIGEST, of a library that is not needed otherwise
Gst.init(None)
server = GstRtspServer.RTSPServer()
server.set_address("127.0.0.1")
server.set_service("0")
factory = GstRtspServer.RTSPMediaFactory()
factory.set_launch(sys.argv[1])
factory.set_shared(True)
if sys.argv[2:] and sys.argv[2]:
    name, _, password = sys.argv[2].partition(":")
    auth = GstRtspServer.RTSPAuth()
    auth.set_supported_methods(_DIGEST)
    token = GstRtspServer.RTSPToken()
    token.set_string("media.factory.role", "viewer")
    auth.add_digest(name, password, token)
    server.set_auth(auth)
    factory.add_role_from_structure(
        Gst.Structure.from_string("viewer, media.factory.access=true, media.factory.construct=true")[0]
    )
server.get_mount_points().add_factory("/live", factory)
server.attach(None)
print(server.get_bound_port(), flush=True)
GLib.MainLoop().run()
