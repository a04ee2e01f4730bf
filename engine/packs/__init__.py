"""YAML to meaning: packs, words, cases, inquiries and entries are read here, with every fault and its place."""
