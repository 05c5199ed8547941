"""All that is known of a run, typed, read once from its folder."""
