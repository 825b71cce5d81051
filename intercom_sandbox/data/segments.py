"""Which contacts are in which segments (API notes 3.1, 3.8)."""

from intercom_sandbox.data import words


def is_of_companies(number: int) -> bool:
    """Whether a segment is one of companies: each third is."""
    return number % 3 == 2


def holds(segment_id: str, contact_id: str) -> bool:
    """Whether a segment of people holds a contact: the first holds all, the n-th each n-th; those of companies none."""
    number = words.number_of(segment_id)
    return not is_of_companies(number) and words.number_of(contact_id) % (number + 1) == 0


def size(number: int, contacts: int) -> int:
    """How many of so many contacts a segment holds."""
    return 0 if is_of_companies(number) else len(range(0, contacts, number + 1))
