"""
Painting: a picture is made of items, strip by strip, and sent to a display.

painter.py: which parts are painted anew, and in which strips.  surface.py: what an item draws with.  font.py and text.py: characters
and lines of them.  image.py: pictures of files.  pixels.py: the loops over pixels.  Nothing here knows a page, and nothing is
loaded before the first page is shown.
"""
