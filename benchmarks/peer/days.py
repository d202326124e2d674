"""Dates as the peers count them."""

import datetime


def day(text: str) -> int:
    """Days since 1970-01-01."""
    return (datetime.date.fromisoformat(text) - datetime.date(1970, 1, 1)).days
