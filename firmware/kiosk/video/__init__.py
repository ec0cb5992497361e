"""Video: AVI files with pictures in JPEG.  Loaded when a mini-program first has some."""
