"""What is known of a subject: as a picture, in tables, and what follows from it."""
