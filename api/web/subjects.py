"""A subject: what happened to it, and what it means today."""

from fastapi import APIRouter

router = APIRouter()
