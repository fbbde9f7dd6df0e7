"""What keeps the HTTP service safe, and lets an operator see how it is."""
