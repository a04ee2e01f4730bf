"""The access book's schema, beside the registry's and the ledger's."""

from pathlib import Path

from engine.registry.migrating import Schema

ACCESS = Schema(Path(__file__).with_name("migrations"), "access_schema")
