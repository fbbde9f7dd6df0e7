"""Measures how well questions are answered and refused, on anybody's questions."""
