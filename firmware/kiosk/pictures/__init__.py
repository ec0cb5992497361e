"""
Picture files, with or without a screen: what they are (header.py), how they are made smaller (compress.py).

What is shown of them is the matter of kiosk/ui/images.  Nothing here is loaded before the first picture.
"""
