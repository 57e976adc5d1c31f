"""The tables: migrations, named queries, and how parameters enter them."""
