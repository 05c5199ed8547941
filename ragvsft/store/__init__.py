"""What is written to the disk: files, journals, artifacts and run folders."""
