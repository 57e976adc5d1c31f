"""Answers of OpenAI's moderations API: how sure a classifier of texts was of each category.

References
----------
https://platform.openai.com/docs/api-reference/moderations
"""

from typing import Any


def answered(results: Any) -> list[dict[str, Any]]:
    """For each input what was answered: scores by category, and whether it was flagged."""
    return [_result(one) for one in results if isinstance(one, dict)] if isinstance(results, list) else []


def _result(one: dict[str, Any]) -> dict[str, Any]:
    scores, flagged = one.get("category_scores"), one.get("flagged")
    made: dict[str, Any] = {}
    if isinstance(scores, dict):
        made["probabilities"] = scores
    if isinstance(flagged, bool):
        made["label"] = "flagged" if flagged else "clean"
    return made
