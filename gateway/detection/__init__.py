"""The detector pool: detectors that load models or are not ours run in processes of their own, which may die or be killed."""
