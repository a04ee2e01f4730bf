"""The overview: what was decided, how fresh the lists are, what waits."""

from fastapi import APIRouter

router = APIRouter()
