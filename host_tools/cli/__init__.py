"""The `kiosk` command: one module for each of its words."""
