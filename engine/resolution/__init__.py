"""Findings to a verdict: the legality gate, what lifts what, and severity before order."""
