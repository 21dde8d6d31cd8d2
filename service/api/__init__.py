"""HTTP: thin handlers over the store and the pure core."""
