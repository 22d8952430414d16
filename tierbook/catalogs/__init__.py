"""Store exports in: one importer a file, each a declared mapping more than code."""
