"""Which measures these entries trigger: standing, facts, cells, and the two judges that must agree."""
