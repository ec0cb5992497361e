"""The on-screen keyboard's table of pinyin, made on the host of free dictionaries."""
