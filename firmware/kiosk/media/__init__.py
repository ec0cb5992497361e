"""Sound: files, samples, and who owns the speaker and the microphone.  Loaded when a mini-program first asks for it."""
