"""The other side of child.ts in Python: a program that answers requests, one JSON line each. `answer.ts` is the same in TypeScript."""

import json
import sys


def answer_requests(operations):
    """Answers each request by the function of its `op`, one after the other, until the input ends."""
    for line in sys.stdin:
        request = json.loads(line)
        try:
            answer = operations[request.pop("op")](**request)
        except Exception as error:
            answer = {"error": f"{type(error).__name__}: {error}"}
        print(json.dumps(answer), flush=True)
