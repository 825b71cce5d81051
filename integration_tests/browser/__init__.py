"""A browser, and what its reader sees: shared by all tests of pages, and by the pictures."""
