"""How rows are read: searches, lists, scrolls, and what a state promises. Knows the API, and no stream by its name."""
