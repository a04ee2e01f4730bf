"""What was decided: search, reasons, proofs, revisits, and what a person decided after."""
