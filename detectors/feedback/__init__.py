"""Feedback: what people say afterwards was true, judged by contributor (poisoning) and by model (late labels)."""
