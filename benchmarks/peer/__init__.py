"""The peer: the same job as `revisit at-risk`, done with Polars and scikit-learn."""
