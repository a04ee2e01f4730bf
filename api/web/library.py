"""Documents and lists: what each says, and where it still bites."""

from fastapi import APIRouter

router = APIRouter()
