"""`make bench`: one table of figures, each beside its limit and, where there is one, a peer measured in the same run."""
