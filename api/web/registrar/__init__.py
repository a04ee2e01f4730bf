"""Keeping the lists: imports, events of an entry, what is due."""
