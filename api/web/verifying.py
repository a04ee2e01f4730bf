"""Whether a receipt or a notice is genuine: for anybody, and no more than that."""

from fastapi import APIRouter

router = APIRouter()
