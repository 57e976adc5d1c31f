"""Alerts out: one module for each encoding that other systems read."""
