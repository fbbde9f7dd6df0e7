"""Passages into a generation: encoder, vectors, words; knows nothing of HTTP."""
