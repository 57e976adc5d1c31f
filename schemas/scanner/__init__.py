"""Scanner: a slice of plain JSON records to columns in one compiled pass, without a Python object a number."""
