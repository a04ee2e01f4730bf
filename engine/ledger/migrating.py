"""The ledger's schema, beside the registry's: on PostgreSQL both books may live in one database."""

from pathlib import Path

from engine.registry.migrating import Schema

LEDGER = Schema(Path(__file__).with_name("migrations"), "ledger_schema")
