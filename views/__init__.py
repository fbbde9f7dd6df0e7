"""Answers for people: pages and the terminal, in English and Italian."""
