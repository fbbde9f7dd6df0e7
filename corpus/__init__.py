"""Files into documents, passages and sentences; knows nothing of vectors."""
