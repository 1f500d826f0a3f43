"""draft"""
from __future__ import annotations

import grounding_daily_a
import grounding_daily_b

WORKED, UNSEEN = grounding_daily_a.TEXT, grounding_daily_b.TEXT
