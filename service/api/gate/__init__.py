"""The gate: who may ask what, how much and for how long; decided before the framework sees a request."""
