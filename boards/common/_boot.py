"""What a port runs first.  Nothing: board.start() mounts the flash, so no file on it is run before the kiosk."""
