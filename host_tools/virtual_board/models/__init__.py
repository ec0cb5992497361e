"""Models of the chips around a board: Python classes that play them on their wires (wires.py)."""
