"""The patient's side: one record prepared once, so that every criterion can be held against it."""
