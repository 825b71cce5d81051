"""The proof that nothing is lost: every stream, under every condition, in both modes. See docs/promises.md."""
