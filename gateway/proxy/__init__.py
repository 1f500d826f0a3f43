"""The data plane: relays, and writes down what happened. No token counting, no prices, no store."""
