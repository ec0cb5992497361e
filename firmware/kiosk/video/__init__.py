"""Video: AVI files of JPEG pictures and sound, written and read as streams.  Loaded when something is recorded or played."""
