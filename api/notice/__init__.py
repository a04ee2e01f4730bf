"""The notice of a decision: a document an office hands out, as HTML and PDF, made again from its receipt."""
