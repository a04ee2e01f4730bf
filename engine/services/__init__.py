"""One file for each thing a user does; the only place in the engine with a clock."""
