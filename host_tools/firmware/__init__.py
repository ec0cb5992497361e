"""Images for boards: what the folders under boards/ say, building, UF2, sizes."""
