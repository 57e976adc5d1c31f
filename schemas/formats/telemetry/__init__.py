"""Telemetry: OpenTelemetry's batches of spans and log records, and what they say of calls of language models."""
