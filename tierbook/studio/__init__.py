"""The local engine's picture work: cut-out, composition, scenes, mockups, checks."""
