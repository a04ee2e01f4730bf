"""Decisions that were given: recorded before they are answered, provable to an outsider, replayed byte for byte."""
