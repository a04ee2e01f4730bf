"""Tenders: one cut-off, many parties, one table of verdicts."""

from fastapi import APIRouter

router = APIRouter()
