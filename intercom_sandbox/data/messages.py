"""Pieces of messages that conversations, parts and tickets share (API notes 3.4, 4.3)."""

from typing import Any

Object = dict[str, Any]


def attachment(number: int) -> Object:
    """A file; its name and its address have characters that break careless readers."""
    return {
        "type": "upload",
        "name": f"Bildschirmfoto {number}.png",
        "url": f"https://downloads.example/{number}?expires=1&sig=a%2Bb",
        "content_type": "image/png",
        "filesize": 1024 + number,
        "width": 640,
        "height": 480,
    }


def attachments(number: int) -> list[Object]:
    """One file; every other message has it twice, and then one that is no picture."""
    document = {"type": "upload", "name": "請求書.pdf", "url": f"https://downloads.example/{number}.pdf"}
    also = [attachment(number), document | {"content_type": "application/pdf", "filesize": 0}]
    return [attachment(number), *(also if number % 2 else [])]


def email_metadata(number: int) -> Object:
    """The headers of a message that was sent as email; some lack their Message-ID, and some addresses a name."""
    to = [{"type": "to", "email_address": f"{each}@example.com", "name": None} for each in ("help", "team")]
    return {
        "subject": "Re: 請求書",
        "email_address_headers": [
            {"type": "from", "email_address": "ada@example.com", "name": "Ada"},
            *(to if number % 2 else to[:1]),
        ],
        "message_id": f"<{number}@mail.example>" if number % 2 else None,
    }
