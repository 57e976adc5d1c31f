"""Everything that touches the world: Kafka through Faust, ClickHouse, files, the command line."""
