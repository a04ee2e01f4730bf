"""The judge and its books: packs and entries in, reasoned verdicts out."""
