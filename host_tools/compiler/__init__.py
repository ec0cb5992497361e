"""WXML and WXSS, compiled to Python modules that a kiosk builds and updates pages from."""
