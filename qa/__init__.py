"""A question into an answer: ranking, evidence, confidence, citations."""
