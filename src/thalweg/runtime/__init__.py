"""How whole programs run: graphs as programs, on NumPy or compiled by XLA."""
