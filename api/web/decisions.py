"""One decision: its reasons, its receipt, its notice, its replay."""

from fastapi import APIRouter

router = APIRouter()
