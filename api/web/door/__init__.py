"""Coming in and going out: sessions, providers, passwords."""
