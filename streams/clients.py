"""What Kafka clients are made with: addresses, TLS and SASL, for Faust and for aiokafka."""

from typing import Any

from streams import brokers
from streams.settings import Settings


def security(settings: Settings) -> dict[str, Any]:
    """Faust's settings for TLS and SASL."""
    import faust  # noqa: PLC0415  # heavy, and only workers need it

    kafka = settings.kafka
    context = brokers.tls(kafka) if kafka.security.endswith("ssl") else None
    if kafka.security.startswith("sasl"):
        return {
            "broker_credentials": faust.SASLCredentials(
                username=kafka.username, password=brokers.password(kafka), mechanism=kafka.sasl_mechanism,
                ssl_context=context,
            )
        }  # fmt: skip
    return {"broker_credentials": context} if context else {}


def client_options(settings: Settings) -> dict[str, Any]:
    """Arguments of aiokafka clients."""
    kafka = settings.kafka
    chosen: dict[str, Any] = {
        "bootstrap_servers": kafka.brokers,
        "client_id": "tidegate",
        "security_protocol": kafka.security.upper(),
    }
    if kafka.security.endswith("ssl"):
        chosen["ssl_context"] = brokers.tls(kafka)
    if kafka.security.startswith("sasl"):
        chosen |= {
            "sasl_mechanism": kafka.sasl_mechanism,
            "sasl_plain_username": kafka.username,
            "sasl_plain_password": brokers.password(kafka),
        }
    return chosen
