"""Many parties asked about at once."""
