"""From a mini-program's source folder to what a kiosk runs."""
