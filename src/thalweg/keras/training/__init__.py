"""How models are trained: data in batches, losses and metrics by name, steps, and the loop around them."""
