"""Where alerts are pushed to: one file per sort of destination."""
