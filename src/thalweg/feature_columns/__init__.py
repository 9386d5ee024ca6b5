"""Feature columns: how the columns of a table become a model's input. Stands on the public API and TensorFlow 1's scopes.

A column knows its key among the features, what a parser has to be told of it, and how to transform it. A
`FeatureTransformationCache` holds the features of one batch and every column's transformation of them; a `StateManager`
holds the variables and tables that belong to columns. `input_layer` and `linear_model` bring both.
"""
