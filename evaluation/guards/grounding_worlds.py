"""Contexts of many worlds with two faithful replies each, all made up here; read as grounding_wide is.

The worlds are parted, not the cases: part a (finance, travel, code, support, sports, German and French offices, tables, metering, shops, news, biographies) is what the detector was
worked on; part b (medicine, law, recipes, houses, science, Spanish, Italian and Dutch, tools, schools, staff, insurance, farming, flying, libraries, museums) was written at the same sitting, by
the hand that mended the detector, and its cases were not looked at until the work was over. FIRST says what both gave before and after.
"""
