"""Exact questions about a rulebook as a whole: what it says of every list and scenario, and on which day."""
