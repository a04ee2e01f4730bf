"""The registrar's desk: lists in, events on entries, what is due."""

from fastapi import APIRouter

router = APIRouter()
