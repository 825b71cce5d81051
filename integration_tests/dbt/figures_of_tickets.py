"""What the models of tickets should hold, counted in Python from what the workspace holds."""

from integration_tests.dbt.figures import Figures, Row, gathered, moment


def ticket_time_in_state(figures: Figures) -> list[Row]:
    """A row for each state that a ticket went through."""
    parts = gathered(figures.rows["ticket_parts"], "ticket_id")
    found = []
    for ticket in figures.rows["tickets"]:
        ordered = sorted(parts[ticket["id"]], key=lambda part: (part["created_at"], int(part["id"])))
        changes = [part for part in ordered if part.get("ticket_state") != part.get("previous_ticket_state")]
        began = changes[0]["previous_ticket_state"] if changes else ticket["ticket_state"]["category"]
        states = [(began, ticket["created_at"]), *((part["ticket_state"], part["created_at"]) for part in changes)]
        ends = [*(start for _, start in states[1:]), None]
        for position, ((state, start), end) in enumerate(zip(states, ends, strict=True), start=1):
            found.append(
                {
                    "ticket_id": ticket["id"],
                    "position": position,
                    "state": state,
                    "started_at": moment(start),
                    "ended_at": moment(end),
                    "is_current": end is None,
                    "seconds": (figures.as_of if end is None else end) - start,
                }
            )
    return found


def tickets(figures: Figures) -> list[Row]:
    """A row for each ticket."""
    spans = gathered(ticket_time_in_state(figures), "ticket_id")
    types, states = (
        {row["id"]: row[name] for row in figures.rows[stream]}
        for stream, name in (("ticket_types", "name"), ("ticket_states", "internal_label"))
    )
    return [
        {
            "ticket_id": ticket["id"],
            "number": ticket["ticket_id"],
            "title": ticket["ticket_attributes"]["_default_title_"],
            "category": ticket["category"],
            "type": types.get(ticket["ticket_type"]["id"], ticket["ticket_type"]["name"]),
            "state": ticket["ticket_state"]["category"],
            "state_label": states.get(ticket["ticket_state"]["id"], ticket["ticket_state"]["internal_label"]),
            "is_open": ticket["open"],
            "is_shared": ticket["is_shared"],
            **figures.named("team", ticket["team_assignee_id"]),
            **figures.named("admin", ticket["admin_assignee_id"]),
            "created_at": moment(ticket["created_at"]),
            "updated_at": moment(ticket["updated_at"]),
            "snoozed_until": moment(ticket.get("snoozed_until")),
            **_resolution(spans[ticket["id"]]),
            "backlog_age_seconds": figures.as_of - ticket["created_at"] if ticket["open"] else None,
        }
        for ticket in figures.rows["tickets"]
    ]


def _resolution(spans: list[Row]) -> Row:
    """Whether a ticket is resolved, and how often it was before."""
    last = spans[-1]
    resolved_at = last["started_at"] if last["state"] == "resolved" else None
    return {
        "resolved_at": resolved_at,
        "resolution_seconds": int((resolved_at - spans[0]["started_at"]).total_seconds()) if resolved_at else None,
        "reopens": sum(span["state"] == "resolved" for span in spans[:-1]),
    }
