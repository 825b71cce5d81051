"""The page: what was measured, how, and what came out."""

import os
import platform
from collections.abc import Sequence
from pathlib import Path

from benchmarks import peer
from benchmarks.families import Walk
from benchmarks.figures import OURS, pictures
from benchmarks.micro import ALL_STREAMS, ColdStart, CpuPerRecord, Loading, NoChanges, Step
from benchmarks.rates import Capacity, RateUse
from benchmarks.results import Results
from benchmarks.run import Run
from benchmarks.suite import Comparison
from benchmarks.tables import megabytes, microseconds, paragraph, percent, ratio, seconds, table
from benchmarks.without import STEPS
from benchmarks.workspace import LATENCY, RATE_LIMIT

PAGE = "benchmarks.md"
IMAGES = """\
![Wall time over the number of rows, and how much of it each connector works and waits](benchmarks.svg)

![Peak memory over the number of rows](benchmarks-memory.svg)"""
OFFICIAL = f"official {peer.VERSION}"
NOTHING = next(iter(STEPS))


def write(results: Results, directory: Path) -> None:
    """Write the page and its pictures."""
    directory.mkdir(parents=True, exist_ok=True)
    text = page(results)
    for name, content in {PAGE: text, **pictures(text)}.items():
        (directory / name).write_text(content)


def page(results: Results) -> str:
    """The page in Markdown, with a section for all that was measured."""
    sections = [
        _head(results),
        _initial(results.comparisons) if results.comparisons else "",
        _cpu(results.cpu) if results.cpu else "",
        _formats(results.formats) if results.formats else "",
        _steps(results.steps) if results.steps else "",
        _starts(results.starts) if results.starts else "",
        _loading(results.loading) if results.loading else "",
        _unchanged(results.unchanged) if results.unchanged else "",
        _walks(results.walks) if results.walks else "",
        _rates(results.rates) if results.rates else "",
        _capacity(results.capacity) if results.capacity else "",
    ]
    return "\n\n".join(filter(None, sections)) + "\n"


def _head(results: Results) -> str:
    search, get, jitter = (f"{LATENCY[name] * 1000:.0f} ms" for name in ("search_latency", "get_latency", "jitter"))
    machine = f"{os.cpu_count()} cores, {platform.machine()}, {platform.system()}, Python {platform.python_version()}"
    introduction = f"""
        Our connector beside the last Python package of the official one, `{peer.PACKAGE}` {peer.VERSION}, reading the
        same data in one run. This page is what `{results.command}` wrote on {results.began:%Y-%m-%d} ({machine}; the
        load was {results.load:.1f} when it began). Sandbox, connector and benchmark share the cores."""
    settings = f"""
        Both connectors read the [sandbox](sandbox.md), by HTTPS. Where not said otherwise it waits {search} before it
        answers a search and {get} before it answers a GET, with up to {jitter} on top by chance, and allows
        {RATE_LIMIT:,} requests in each window of ten seconds. A connector is one process that writes to a file,
        in an environment that holds its own requirements and nothing else. CPU is the user and system time of
        that process, memory its largest resident set; requests and 429 answers are the sandbox's count, and
        rows are missing when the sandbox holds them and the connector did not emit them. Ratios are ours to the
        official one's."""
    manifest = """
        The official connector runs unchanged but for its manifest, which holds its base URL and the API versions that
        it asks for: they are 2.9 and 2.10, and become 2.11, the oldest version that the sandbox serves; and for the
        certificates that it trusts, as its CDK reads no variable that would name others."""
    return "\n\n".join(["# Benchmarks", *map(paragraph, (introduction, settings, manifest))])


def _initial(comparisons: Sequence[Comparison]) -> str:
    rows: list[list[object]] = []
    for each in comparisons:
        sides = ((OFFICIAL, each.theirs, each.theirs_missing), (OURS, each.ours, each.ours_missing))
        for name, run, missing in sides:
            rows.append([f"{each.size.name}, {each.rows:,} rows: {name}", *_cells(run), sum(missing.values())])
        rows.append(["*ratio*", *_ratios(each.ours, each.theirs), "", "", ""])
    head = ["workspace", "wall time", "CPU", "peak memory", "requests", "429s", "records", "rows missing"]
    streams = ", ".join(f"`{name}`" for name in comparisons[0].ours.rows)
    faster = ", ".join(f"{each.theirs.wall / each.ours.wall:.1f} times ({each.size.name})" for each in comparisons)
    text = f"""
        All streams that both have: {streams} (the official connector reads the last as two streams). Ours is faster by
        {faster}. {_missing(comparisons)}"""
    return "\n\n".join(["## Initial sync", paragraph(text), IMAGES, table(head, rows)])


def _cells(run: Run) -> list[object]:
    measured = [seconds(run.wall), seconds(run.cpu), megabytes(run.memory)]
    return [*measured, f"{run.requests:,}", run.refused, f"{run.records:,}"]


def _ratios(first: Run, second: Run) -> list[str]:
    return [ratio(getattr(first, name), getattr(second, name)) for name in ("wall", "cpu", "memory", "requests")]


def _missing(comparisons: Sequence[Comparison]) -> str:
    said = []
    for name, missing in (
        ("the official connector", [each.theirs_missing for each in comparisons]),
        ("ours", [each.ours_missing for each in comparisons]),
    ):
        totals = {stream: sum(each[stream] for each in missing) for stream in missing[0]}
        streams = ", ".join(f"`{stream}` ({count} in all)" for stream, count in totals.items() if count)
        said.append(f"{name} misses rows of {streams}" if streams else f"{name} misses no row")
    return f"{'; '.join(said)}.".capitalize()


def _cpu(measured: Sequence[CpuPerRecord]) -> str:
    text = """
        One stream, or all, from the socket to stdout, without latency and without a limit; of several runs in turn the
        one that took each connector the least CPU. CPU per record leaves out what a read of the tags alone takes, which
        is the start of the process."""
    return "\n\n".join(["## CPU per record", paragraph(text), _costs(measured)])


def _formats(measured: Sequence[CpuPerRecord]) -> str:
    text = """
        The same reads by our connector with `time_format` as `unix`, which prints times as it has them, and as
        `date-time`, the default, which makes text of them."""
    return "\n\n".join(["## Times as text", paragraph(text), _costs(measured)])


def _costs(measured: Sequence[CpuPerRecord]) -> str:
    """A table of pairs, with the ratios of the second to the first."""
    rows: list[list[object]] = []
    for first, second in zip(measured[::2], measured[1::2], strict=True):
        for each in (first, second):
            cells = [f"{each.run.records:,}", f"{each.run.requests:,}", seconds(each.run.wall), seconds(each.run.cpu)]
            costs = [microseconds(each.marginal), microseconds(each.whole), megabytes(each.run.memory)]
            label = each.stream if each.stream == ALL_STREAMS else f"`{each.stream}`"
            rows.append([f"{label}: {each.connector}", *cells, *costs])
        costs = [ratio(second.marginal, first.marginal), ratio(second.whole, first.whole)]
        memory = ratio(second.run.memory, first.run.memory)
        rows.append(["*ratio*", "", "", "", ratio(second.run.cpu, first.run.cpu), *costs, memory])
    return table(
        ["stream", "records", "requests", "wall time", "CPU", "CPU per record", "with the start", "peak memory"], rows
    )


def _steps(steps: Sequence[Step]) -> str:
    whole = {each.stream: each.run for each in steps if each.without == NOTHING}
    rows: list[list[object]] = []
    for without in dict.fromkeys(each.without for each in steps):
        cells: list[object] = []
        for run, base in ((each.run, whole[each.stream]) for each in steps if each.without == without):
            cells += [seconds(run.cpu), ratio(run.cpu, base.cpu), megabytes(run.memory), ratio(run.memory, base.memory)]
        rows.append([without if without == NOTHING else f"without {without}", *cells])
    head = [cell for stream in whole for cell in (f"`{stream}`: CPU", "*ratio*", "peak memory", "*ratio*")]
    text = """
        The same reads by our connector, each without one of the things that are meant to make it cheap; ratios are to
        the first line, which leaves out nothing. From one run of this page to the next they differ by a tenth or two:
        only what is far from 1 is more than noise."""
    return "\n\n".join(["## What keeps it low", paragraph(text), table(["", *head], rows)])


def _starts(starts: Sequence[ColdStart]) -> str:
    theirs, ours = starts
    rows = [
        [each.connector, *(f"{value:.2f} s" for value in (each.median, min(each.seconds), max(each.seconds)))]
        for each in starts
    ]
    rows.append(["*ratio*", ratio(ours.median, theirs.median), "", ""])
    text = f"""
        From the start of the process to its first record on stdout, without latency; each {len(ours.seconds)} times,
        in turn."""
    head = ["connector", "median", "least", "most"]
    return "\n\n".join(["## Cold start to first record", paragraph(text), table(head, rows)])


def _loading(loading: Sequence[Loading]) -> str:
    cdk, ours = loading
    rows = [[each.what, f"{each.seconds:.2f} s"] for each in loading]
    rows.append(["*ratio*", ratio(ours.seconds, cdk.seconds)])
    text = """
        A process that does nothing but import the CDK, and one that loads our connector, and the CDK with it, as its
        console script does: without looking for garbage meanwhile. The least of several runs in turn."""
    return "\n\n".join(["## What we add to the start of the CDK", paragraph(text), table(["process", "time"], rows)])


def _unchanged(syncs: Sequence[NoChanges]) -> str:
    theirs, ours, _ = syncs
    rows = [[f"{each.connector}, {len(each.streams)} streams", *_cells(each.run)] for each in syncs]
    rows.insert(2, ["*ratio*", *_ratios(ours.run, theirs.run), "", ""])
    head = ["connector", "wall time", "CPU", "peak memory", "requests", "429s", "records"]
    text = """
        A second sync that goes on from the states of the first, with nothing changed in between. Streams that cannot be
        read incrementally come in full each time, and companies cost a request per hundred of them. All of ours
        together wait for the export of messages: the sandbox has made it when its status is asked for the third time,
        and the pauses between are those that Intercom gets, too."""
    return "\n\n".join(["## Sync without changes", paragraph(text), table(head, rows)])


def _walks(walks: Sequence[Walk]) -> str:
    rows = [
        [
            ", ".join(f"`{stream}`" for stream in each.alone),
            _sum([reading.run.requests for reading in each.alone.values()]),
            f"{each.together.run.requests:,}",
            _sum([reading.searches for reading in each.alone.values()]),
            f"{each.together.searches:,}",
            f"{each.together.run.records:,}",
            sum(each.missing.values()),
        ]
        for each in walks
    ]
    head = ["streams", "requests of separate reads", "of one read", "searches of separate reads", "of one read"]
    head += ["records", "rows missing"]
    text = """
        Streams that one search finds share one walk through it. These are the requests of our connector when each
        stream is read alone, and when they are selected together, and how many of them are searches; without latency
        and without a limit. Rows that come with their parents (`conversation_tags`, `ticket_parts`) cost nothing beside
        them; those that are asked for parent by parent (`conversation_parts`, `contact_notes`) cost a request for each,
        and no search."""
    return "\n\n".join(["## One walk per family", paragraph(text), table(head, rows)])


def _sum(numbers: Sequence[int]) -> str:
    return f"{' + '.join(f'{number:,}' for number in numbers)} = {sum(numbers):,}"


def _rates(rates: Sequence[RateUse]) -> str:
    rows = [
        [
            f"{each.scenario.limit:,}, of which others spend {each.scenario.other_clients:.0%}",
            f"{each.scenario.get_latency:g} s",
            ", ".join(f"{allowed:,}" for _, allowed, _ in each.windows),
            percent(each.used),
            f"{each.run.requests / each.run.wall:,.0f}",
            f"{each.run.requests:,}",
            each.run.refused,
            f"{each.refused:.2%}",
            percent(each.run.cpu / each.run.wall),
            percent(each.run.sandbox_cpu / each.run.wall),
            each.missing,
        ]
        for each in rates
    ]
    head = ["limit per window", "GET takes", "sent in the full windows", "used", "per second", "requests", "429s"]
    head += ["share of 429s", "our CPU", "sandbox's CPU", "rows missing"]
    text = """
        Our connector reads conversation parts, a GET per conversation. "Used" is how much of what the limit leaves to
        us was sent in the full windows, those that lie wholly within the read; after a window that it has not spent the
        connector fetches more conversations at once. `X-RateLimit-Reset` is six seconds late.
        Others spend their share evenly over each window; who asks early finds what they have not spent yet, hence more
        than 100% is possible. CPU is in shares of one core."""
    return "\n\n".join(["## Use of the rate limit", paragraph(text), table(head, rows)])


def _capacity(measured: Sequence[Capacity]) -> str:
    rows = [
        [
            each.what,
            f"{each.per_second:,.0f}",
            f"{each.bytes_per_second / 1e6:,.1f} MB",
            microseconds(each.cpu_per_request),
            percent(each.cpu_share),
        ]
        for each in measured
    ]
    head = ["request", "per second", "bytes per second", "sandbox's CPU per request", "sandbox's CPU"]
    text = """
        What a simple client with a few threads, on the same machine, gets from the sandbox without latency and limit.
        CPU is in shares of one core."""
    return "\n\n".join(["## The sandbox is not the bottleneck", paragraph(text), table(head, rows)])
