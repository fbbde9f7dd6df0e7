"""Looks at a page from outside, and says what keeps the widget from working there; origins."""
