"""The ledger: decisions looked for, its head, its proofs, what to revisit."""

from fastapi import APIRouter

router = APIRouter()
