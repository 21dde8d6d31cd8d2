"""What is known of a request when it is over: its id, its trace, its numbers, its log line."""
