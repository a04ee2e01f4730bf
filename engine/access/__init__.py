"""Who may ask what: keys with roles and limits, and the log of who looked at whom and why."""
