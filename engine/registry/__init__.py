"""Lists and entries on two clocks: what the law looks at, and when the registry learned it."""
