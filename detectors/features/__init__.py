"""Shared columns of a batch, exact under any cut, and the schema of named values."""
