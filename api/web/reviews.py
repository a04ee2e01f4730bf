"""What waits for a person, and what they determine."""

from fastapi import APIRouter

router = APIRouter()
