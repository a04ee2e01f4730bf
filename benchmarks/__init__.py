"""How fast the judge is, against other engines and against its own targets."""
