"""Sessions that look after themselves: variables are initialized or restored, hooks take part in every run."""
