import re
from collections.abc import Iterable
from typing import TYPE_CHECKING, Any

import pytest
from airbyte_cdk.models import FailureType
from airbyte_cdk.utils.traced_exception import AirbyteTracedException
from requests_mock import Mocker

from source_intercom import report
from source_intercom.streams.context import StreamContext
from source_intercom.streams.custom_objects import CustomObjectInstances, types_in
from unit_tests.builders import NOW, URL, Json, SearchServer, contact, context, conversation, error_list, me, read
from unit_tests.syncs import logs, records, sync, told

if TYPE_CHECKING:  # names that only the stubs of requests-mock have
    from requests_mock.request import Request
    from requests_mock.response import Context

NO_SCOPE: Json = {"status_code": 403, "json": error_list("forbidden", "no scope")}
PLACES = {
    "conversation_attributes": ("GET", "conversations/attributes"),
    "contacts": ("POST", "contacts/search"),
    "conversations": ("POST", "conversations/search"),
}


def attribute(type_: Any, **more: Any) -> Json:
    """An attribute of conversations that refers to a type."""
    return {"data_type": "relationship", "reference": {"type": "many", "object_type_id": type_}, **more}


def held(type_: str, *types: Any) -> Json:
    """The custom attributes of what has instances of these types."""
    return {"Ours": {"type": f"{type_}.list", "instances": [{"id": "1", "type": each} for each in types]}}


class Intercom:
    """A workspace with so many instances of each type, in pages of two; attributes refer to the type A alone."""

    def __init__(self, mocker: Mocker, **counts: int) -> None:
        self.mocker = mocker
        self.counts = counts
        self.asked: list[str] = []
        self.contacts = SearchServer("data", [contact(1, NOW - 5)])
        self.conversations = SearchServer("conversations", [conversation(1, NOW - 5)])
        mocker.get(f"{URL}me", json=me())
        mocker.post(f"{URL}contacts/search", json=self.contacts)
        mocker.post(f"{URL}conversations/search", json=self.conversations)
        mocker.get(re.compile(f"{URL}custom_object_instances/"), json=self._page)
        self.refer(attribute("A"))

    def refer(self, *attributes: Json) -> None:
        """From now on these are the attributes of conversations."""
        listed = [{**each, "id": number} for number, each in enumerate(attributes)]
        self.mocker.get(f"{URL}conversations/attributes", json={"type": "list", "data": listed})

    def refuse(self, *places: str, **answer: Any) -> None:
        """From now on the token may not look at these places."""
        for place in places:
            method, path = PLACES[place]
            self.mocker.register_uri(method, f"{URL}{path}", **(answer or NO_SCOPE))

    def _page(self, request: "Request", answer: "Context") -> Json:
        type_ = request.url.partition("?")[0].rpartition("/")[2]
        self.asked.append(type_)
        count = self.counts.get(type_)
        if count is None:
            answer.status_code = 404
            return error_list("not_found", f"Custom object type `{type_}` not found")
        page = int(request.qs["page"][0])
        rows = [{"id": str(number), "type": type_.title()} for number in range(count)]
        pages = {"type": "pages", "page": page, "per_page": 2, "total_pages": -(-count // 2)}
        return {"type": "list", "pages": pages, "total_count": count, "data": rows[2 * page - 2 : 2 * page]}


def pairs(rows: Iterable[Json]) -> list[tuple[str, str]]:
    return [(row["type"], row["id"]) for row in rows]


def test_types_are_found_in_three_places_and_named_by_the_option(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, A=1, B=3, C=1, D=1)
    intercom.contacts.stored = [contact(1, NOW - 5, custom_attributes={"plan": 3, **held("B", "B")})]
    intercom.conversations.stored = [conversation(1, NOW - 5, custom_attributes=held("C"))]
    rows = read(CustomObjectInstances(context(custom_object_types=["D", "A"])))
    assert pairs(rows) == [("D", "0"), ("A", "0"), ("B", "0"), ("B", "1"), ("B", "2"), ("C", "0")]
    assert intercom.asked == ["D", "A", "B", "B", "C"]


def test_archived_attributes_refer_to_types_too(context: StreamContext, requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, A=1, B=1)
    intercom.refer(attribute("A", archived=True), attribute(None), {}, attribute("B"), attribute("A"))
    assert pairs(read(CustomObjectInstances(context))) == [("A", "0"), ("B", "0")]
    assert requests_mock.request_history[0].qs == {"include_archived": ["true"]}


def test_those_updated_last_are_looked_at_whatever_the_start_date(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, A=1, B=1)
    old = [contact(number, 1_400_000_000 - number) for number in range(1, 400)]
    intercom.contacts.stored = [contact(0, 1_400_000_000, custom_attributes=held("B")), *old]
    assert pairs(read(CustomObjectInstances(context()))) == [("A", "0"), ("B", "0")]
    for server in (intercom.contacts, intercom.conversations):
        (body,) = server.bodies
        assert body["sort"] == {"field": "updated_at", "order": "descending"}
        assert body["pagination"] == {"per_page": 150}
        assert min(bound["value"] for bound in body["query"]["value"]) >= 0


def test_smaller_pages_are_looked_at_where_larger_ones_do_not_come(requests_mock: Mocker, sleeps: list[float]) -> None:
    intercom = Intercom(requests_mock, A=1, B=1)
    intercom.contacts.largest_page = 40
    intercom.contacts.stored = [contact(1, NOW - 5, custom_attributes=held("B"))]
    assert pairs(read(CustomObjectInstances(context()))) == [("A", "0"), ("B", "0")]


@pytest.mark.parametrize(
    ("value", "types"),
    [
        (held("Order")["Ours"], ["Order"]),
        (held("order", "Order", None, 7, "Order")["Ours"], ["order", "Order", "Order"]),
        ({"type": "Price.list.list", "instances": []}, ["Price.list"]),
        ({"type": "Order.list", "instances": None}, ["Order"]),
        ({"type": ".list", "instances": []}, []),
        ({"type": "contact.list", "contacts": []}, []),
        ({"type": "Order", "instances": []}, []),
        ({"type": None, "instances": []}, []),
        (["Order.list"], []),
        ("Order.list", []),
        (None, []),
        (5, []),
    ],
)
def test_a_value_names_types_if_it_is_a_list_of_instances(value: object, types: list[str]) -> None:
    assert list(types_in(value)) == types


def test_a_type_that_goes_by_two_names_comes_once(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, order=3, Order=3)
    intercom.refer(attribute("order"), attribute("Order"))
    stream = CustomObjectInstances(context())
    assert pairs(read(stream)) == [("Order", "0"), ("Order", "1"), ("Order", "2")]
    assert stream.context.reports.count(stream.name, report.REPEATED) == 3


@pytest.mark.parametrize("type_", ["Größe 2", "a/b", "a?b", "A%20"])
def test_any_name_of_a_type_is_one_step_of_the_path(type_: str, requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock)
    intercom.refer(attribute(type_))
    assert read(CustomObjectInstances(context())) == []
    assert len(intercom.asked) == 1
    assert requests_mock.request_history[-1].url.count("/") == f"{URL}custom_object_instances/X".count("/")


def test_a_type_that_was_found_and_is_unknown_is_skipped_and_said(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, B=1)
    intercom.refer(attribute("A"), attribute("B"))
    output = sync("custom_object_instances")
    assert pairs(records(output, "custom_object_instances")) == [("B", "0")]
    assert "custom_object_instances: skipped the type A, which Intercom does not know." in logs(output)
    assert any("1 type skipped that Intercom does not know" in line for line in logs(output))


def test_a_type_that_is_named_and_unknown_is_an_error_once_the_others_are_read(requests_mock: Mocker) -> None:
    Intercom(requests_mock, A=3)
    output = sync("custom_object_instances", fails=True, custom_object_types=["Ordr", "A", "Plane"])
    assert len(records(output, "custom_object_instances")) == 3
    ((message, kind),) = told(output, "custom_object_instances")
    assert message == (
        "The option custom_object_types names Ordr, Plane, which Intercom does not know as types of custom objects; "
        "correct it there, upper and lower case included, or remove it."
    )
    assert kind == FailureType.config_error


def test_only_intercom_can_say_that_it_does_not_know_a_type(requests_mock: Mocker, sleeps: list[float]) -> None:
    Intercom(requests_mock)
    requests_mock.get(f"{URL}custom_object_instances/A", status_code=404, text="<html>404 Not Found</html>")
    output = sync("custom_object_instances", fails=True)
    ((message, kind),) = told(output, "custom_object_instances")
    assert "answered 404" in message
    assert kind == FailureType.transient_error


def test_a_type_that_goes_while_it_is_read_is_no_whole_type(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, A=5)
    second = re.compile(f"{URL}custom_object_instances/A[?].*page=2")
    requests_mock.get(second, status_code=404, json=error_list("not_found"))
    output = sync("custom_object_instances", fails=True)
    ((message, kind),) = told(output, "custom_object_instances")
    assert "does not know the type A of custom objects any more" in message
    assert kind == FailureType.transient_error
    assert intercom.asked == ["A"]


@pytest.mark.parametrize("place", PLACES)
def test_where_the_token_may_not_look_is_said_and_the_other_places_are_looked_at(
    place: str, requests_mock: Mocker
) -> None:
    intercom = Intercom(requests_mock, A=1, B=1, C=1)
    intercom.contacts.stored = [contact(1, NOW - 5, custom_attributes=held("B"))]
    intercom.conversations.stored = [conversation(1, NOW - 5, custom_attributes=held("C"))]
    intercom.refuse(place)
    output = sync("custom_object_instances")
    types = dict(zip(PLACES, "ABC", strict=True))
    del types[place]
    assert pairs(records(output, "custom_object_instances")) == [(each, "0") for each in types.values()]
    said = f"custom_object_instances: types of custom objects are not looked for in {place}. The access token lacks"
    assert [line for line in logs(output) if line.startswith(said)]


def test_a_plan_without_a_place_is_as_a_token_without_it(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, A=1)
    intercom.refuse("conversations", status_code=403, json=error_list("api_plan_restricted"))
    assert pairs(read(CustomObjectInstances(context()))) == [("A", "0")]


def test_a_place_that_does_not_answer_fails_the_stream_since_types_may_be_missing(
    requests_mock: Mocker, sleeps: list[float]
) -> None:
    Intercom(requests_mock, A=1).refuse("contacts", status_code=503, text="")
    ((message, kind),) = told(sync("custom_object_instances", fails=True), "custom_object_instances")
    assert "answered 503" in message
    assert kind == FailureType.transient_error


def test_a_token_that_may_look_nowhere_reads_what_the_option_names_and_else_fails(requests_mock: Mocker) -> None:
    Intercom(requests_mock, B=1).refuse(*PLACES)
    assert pairs(read(CustomObjectInstances(context(custom_object_types=["B"])))) == [("B", "0")]
    with pytest.raises(AirbyteTracedException, match="lacks a permission"):
        read(CustomObjectInstances(context()))


def test_a_workspace_without_types_has_no_rows_and_the_log_says_so(requests_mock: Mocker) -> None:
    Intercom(requests_mock).refer()
    output = sync("custom_object_instances")
    assert records(output, "custom_object_instances") == []
    (said,) = [line for line in logs(output) if "types of custom objects: " in line]
    assert "none was found" in said
    assert "custom_object_types" in said


def test_instances_that_intercom_counts_and_does_not_send_are_looked_for_again(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, A=3)
    short = {"type": "list", "pages": {"page": 1, "per_page": 2, "total_pages": 1}, "total_count": 2, "data": []}
    first = {**short, "data": [{"id": "0", "type": "A"}]}
    whole = {**short, "data": [{"id": "0", "type": "A"}, {"id": "1", "type": "A"}]}
    requests_mock.get(f"{URL}custom_object_instances/A", [{"json": first}, {"json": whole}])
    assert pairs(read(CustomObjectInstances(context()))) == [("A", "0"), ("A", "1")]
    assert intercom.asked == []


def test_a_check_asks_for_each_type_that_is_named(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, A=1, B=1)
    CustomObjectInstances(context(custom_object_types=["A", "B"])).probe()
    assert intercom.asked == ["A", "B"]
    with pytest.raises(AirbyteTracedException, match="names Ordr, which Intercom does not know"):
        CustomObjectInstances(context(custom_object_types=["Ordr", "A"])).probe()


def test_a_check_asks_for_one_type_that_was_found_and_is_there(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock, B=1, C=1)
    intercom.refer(attribute("A"), attribute("B"), attribute("C"))
    CustomObjectInstances(context()).probe()
    assert intercom.asked == ["A", "B"]
    requests_mock.get(re.compile(f"{URL}custom_object_instances/"), **NO_SCOPE)
    with pytest.raises(AirbyteTracedException, match="lacks the permission “Read custom object instances”"):
        CustomObjectInstances(context()).probe()


def test_a_check_of_a_workspace_without_types_passes(requests_mock: Mocker) -> None:
    intercom = Intercom(requests_mock)
    intercom.refer()
    CustomObjectInstances(context()).probe()
    assert intercom.asked == []
