"""Reasons: a tree of data first, words in Chinese and English from it second."""
