"""What Schemathesis sends has a key of its own each time: a key that came before stands for what was
done then, and its answer tells of that doing, not of now (K3). Keys that cannot be one stay."""

import re
import uuid

import schemathesis

KEY = "Idempotency-Key"


@schemathesis.hook
def before_call(context, case, kwargs):
    key = (case.headers or {}).get(KEY)
    if isinstance(key, str) and re.fullmatch(r"[!#-~][!#-\[\]-~]{0,254}", key):
        case.headers[KEY] = str(uuid.uuid4())
