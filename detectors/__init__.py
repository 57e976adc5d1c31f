"""Pure scoring: columns and state in, scores and alerts out. No IO, no clock, no logging."""
