"""What a record comes to before what is asked: numbers for all trials, words for those that are shown."""
