"""Figures and charts of the whole."""
