"""Fonts for the device: bitmaps made on the host of free outline fonts, of the characters that are wanted."""
