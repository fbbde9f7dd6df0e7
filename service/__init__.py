"""The HTTP service: its routes, what keeps it safe, and what shows an operator how it is."""
