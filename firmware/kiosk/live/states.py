"""The codes that a <live-pusher> tells its page, and what they mean.  Source: WeChat's documents of the component."""

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
# Of its error event.
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
)
