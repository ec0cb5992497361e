"""
Live streams: what the camera and the microphone give goes to a server while it happens, and what a server gives is seen and heard.

rtsp.py speaks RTSP, rtmp.py RTMP; rtpjpeg.py makes RTP of JPEGs, jpegframes.py JPEGs of RTP, g711.py is for samples.  An outlet
(rtspoutlet.py, rtmpoutlet.py) is a server that is sent to, an inlet (rtspinlet.py, rtmpinlet.py, httpinlet.py) one that is played; pusher.py is
what a <live-pusher> does, player.py a <live-player>.

Any server may be asked: WeChat's lists of domains are those of request, uploadFile, downloadFile and sockets (wx-rules.md,
rule 8).
"""

from kiosk.errors import KioskError


def pusher_of(page):
    """Pusher of a page's (BasePage) <live-pusher>; KioskError (live) if it has none."""
    found = getattr(page, "_live_pusher", None)
    if found is None:
        raise KioskError("live", "there is no <live-pusher> on the page")
    return found


def player_of(page, id, owner):
    """The component of a page's (BasePage) <live-player id>; owner: the custom component that it is in, or None.  KioskError (live)."""
    for each in getattr(page, "_live_players", ()):
        if each.node.get("id") == id and each.owner is owner:
            return each
    raise KioskError("live", 'there is no <live-player id="%s"> on the page' % id)
