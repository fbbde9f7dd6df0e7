"""The commands of `rinvio`: each file those of one kind. What they do is imported when they run."""
