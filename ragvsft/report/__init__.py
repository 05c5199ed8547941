"""The report: what a run found, as one HTML file that opens anywhere and asks no network."""
