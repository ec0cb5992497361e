"""
Live streams: what the camera and the microphone give goes to a server while it happens.

rtsp.py speaks RTSP, rtmp.py RTMP; rtpjpeg.py makes RTP of JPEGs, jpegframes.py JPEGs of RTP, g711.py is for samples.  An outlet
(rtspoutlet.py, rtmpoutlet.py) is a server that is sent to; pusher.py is what a <live-pusher> does.

Any server may be sent to: WeChat's lists of domains are those of request, uploadFile, downloadFile and sockets (wx-rules.md,
rule 8).
"""

from kiosk.errors import KioskError


def pusher_of(page):
    """Pusher of a page's (BasePage) <live-pusher>; KioskError (live) if it has none."""
    found = getattr(page, "_live_pusher", None)
    if found is None:
        raise KioskError("live", "there is no <live-pusher> on the page")
    return found
