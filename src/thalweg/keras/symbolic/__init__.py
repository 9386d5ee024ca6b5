"""Models as graphs: placeholders, the operations that connect them, and the walk through what they form."""
