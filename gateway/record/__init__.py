"""The record plane: from journal frames to rows, samples and spans."""
