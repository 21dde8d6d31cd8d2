"""What every operation takes, gives and can fail with, and the OpenAPI document made of it."""
