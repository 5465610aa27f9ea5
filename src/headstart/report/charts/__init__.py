"""Charts drawn by hand as inline SVG: a file per chart, each with its numbers as a table.

Widths are per cent and heights pixels, so that a chart keeps its text size from a phone to a desk.
"""
