"""What a client answers, case by case: one line of JSON each, {"case": name, "value": …}.

A case that fails has "error" with its traceback instead.
"""

import datetime
import decimal
import json
import traceback

_cases = []


def case(function):
    """Adds a case by its function's name."""
    _cases.append(function)
    return function


def run_cases():
    for function in _cases:
        line = {"case": function.__name__}
        try:
            line["value"] = function()
        except Exception:
            line["error"] = traceback.format_exc()
        print(json.dumps(line, default=_spelled), flush=True)


def _spelled(value):
    """Times by ISO 8601 with their offset, decimals as their texts."""
    if isinstance(value, (datetime.datetime, datetime.date)):
        return value.isoformat()
    if isinstance(value, decimal.Decimal):
        return str(value)
    raise TypeError(f"{type(value).__name__} is not expected")
