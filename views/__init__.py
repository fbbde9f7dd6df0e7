"""Answers as others see them: pages, the terminal, JSON and problem documents."""
