"""What people bring: documents, samples and training examples, read and checked."""
