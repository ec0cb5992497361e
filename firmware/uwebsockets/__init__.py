"""
`uwebsockets.client.connect`, the WebSocket client that MicroPython programs know, over the kiosk's own.

See docs/ecosystem.md.  Imports of the kiosk: the WebSocket client, the mini-program's list of domains.
"""
