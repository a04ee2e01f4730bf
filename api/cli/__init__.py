"""The command `memoranda`: one thin file for each command."""
