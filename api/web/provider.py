"""Signing in with the organisation's own account."""

from fastapi import APIRouter

router = APIRouter()
