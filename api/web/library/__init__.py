"""The documents, lists and scenarios, and where each still bites."""
