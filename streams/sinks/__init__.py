"""Where rows become durable: one file per destination; ``address.open_sink`` picks one by its URL."""
