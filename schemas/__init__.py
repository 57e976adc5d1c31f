"""What data looks like: records in, batches between, alerts out. Imports nothing of ours and does no IO."""
