"""What trials ask, as rows of numbers. It is the registry's: nothing of any patient is in it."""
