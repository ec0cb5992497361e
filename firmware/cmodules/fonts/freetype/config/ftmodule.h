// Before FreeType's own list of modules: outline.c adds those that there are.
