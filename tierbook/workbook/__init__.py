"""Tierbook's workbook: headings, reading, the template, output columns, tabs and charts."""
