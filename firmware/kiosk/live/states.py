"""The codes that a <live-pusher> and a <live-player> tell their page, and what they mean.  Source: WeChat's documents of the two."""

# Of statechange, as WeChat's documents of <live-pusher> have them.
CONNECTED = const(1001)
PUSHING = const(1002)
CAMERA_OPEN = const(1003)
RATE_CHANGED = const(1006)
FIRST_FRAME = const(1007)
SLOW = const(1101)
RECONNECTING = const(1102)
NAME_FAULT = const(3001)
CONNECT_FAULT = const(3002)
HANDSHAKE_FAULT = const(3003)
SERVER_FAULT = const(3004)
TRANSFER_FAULT = const(3005)
CAMERA_FAULT = const(-1301)
MICROPHONE_FAULT = const(-1302)
PICTURE_FAULT = const(-1303)
SOUND_FAULT = const(-1304)
LOST = const(-1307)
# Of a player's statechange; 3001 to 3005 are those of a pusher.
PLAY_CONNECTED = const(2001)
PLAY_BEGUN = const(2002)
PLAY_FIRST_FRAME = const(2003)
PLAYING = const(2004)
LOADING = const(2007)
SIZE_CHANGED = const(2009)
PLAY_LOST = const(-2301)
BAD_PICTURE = const(2101)
BAD_SOUND = const(2102)
PLAY_RECONNECTING = const(2103)
UNSTEADY = const(2104)
PICTURES_LOST = const(2107)
# Of a pusher's error event.
NO_CAMERA = const(10001)
NO_MICROPHONE = const(10002)

TEXTS = (
    (CONNECTED, "connected to the server"),
    (PUSHING, "the server takes the stream"),
    (CAMERA_OPEN, "the camera is open"),
    (RATE_CHANGED, "the bit rate has changed"),
    (FIRST_FRAME, "the first picture is there"),
    (SLOW, "the network is slow: pictures are left out"),
    (RECONNECTING, "disconnected, connecting again"),
    (LOST, "disconnected, and connecting again did not help"),
    (PLAY_CONNECTED, "connected to the server"),
    (PLAY_BEGUN, "connected to the server, the stream is on its way"),
    (PLAY_FIRST_FRAME, "the first picture has come"),
    (PLAYING, "it plays"),
    (LOADING, "loading"),
    (SIZE_CHANGED, "the pictures have another size"),
    (PLAY_LOST, "disconnected, and connecting again did not help"),
    (PLAY_RECONNECTING, "disconnected, connecting again"),
    (UNSTEADY, "nothing has come for a while"),
    (PICTURES_LOST, "pictures are missing"),
)


def of_fault(exc, is_connected):
    """The code of the KioskError that has kept a connection from being made."""
    if "NAME_NOT_RESOLVED" in exc.reason:
        return NAME_FAULT
    return HANDSHAKE_FAULT if is_connected else CONNECT_FAULT


def of_end(exc):
    """The code of the KioskError that has ended a connection."""
    is_closed = "CONNECTION_CLOSED" in exc.reason or "CONNECTION_RESET" in exc.reason or "status" in exc.fields
    return SERVER_FAULT if is_closed else TRANSFER_FAULT
