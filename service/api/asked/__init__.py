"""What a request says, read strictly: body, query, header."""
