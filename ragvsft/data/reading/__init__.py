"""Files to text: one module per format, each with `read(path, data) -> Reading`, imported on first use."""
