"""[alerts] as Prefect automations: made once, kept in step with the settings, and tried by `newsduck alerts test`."""

import hashlib
import logging
import time
from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import UUID

from extract.errors import BadInput, Broken
from flows.board.up import names, server
from flows.board.up.names import Names
from flows.happenings import EVENTS, SAYS, Event
from flows.settings import Settings
from flows.telling import echo

FAILED = {"prefect.flow-run.Failed", "prefect.flow-run.Crashed", "prefect.flow-run.TimedOut"}
FINISHED = {"prefect.flow-run.Completed", "prefect.flow-run.CompletedWithFailures"}
BODY = "{{ event.resource.name }}: {{ event.payload.message or (event.payload.validated_state or {}).message or event.event }}"
MISSING = "no ingest has finished for %g hours: `newsduck doctor` looks for why"


def sync(settings: Settings, own: Names) -> tuple[int, int]:
    """Make the automations that the settings ask for, change those that differ, and delete those they do not ask for any
    more, on the server this process points at; gives how many there are and how many of them were written. Those of other
    data folders are left alone."""
    wanted = set(settings.alerts.on) if settings.alerts.urls else set()
    with server.client() as client:
        ours = {f"{own.automations}{event}" for event in EVENTS}
        there = {a.name: a for a in client.read_automations() if a.name in ours}
        written = 0
        for name, automation in there.items():
            if name.removeprefix(own.automations) not in wanted:
                client.delete_automation(automation.id)
        blocks = _blocks(settings.alerts.urls, own)
        _forget_blocks(client, own, len(blocks))
        for event in EVENTS:
            if event in wanted:
                core = _automation(event, settings, blocks, own)
                old = there.get(core.name)
                if old is None:
                    client.create_automation(core)
                elif old.description != core.description:
                    client.update_automation(old.id, core)
                written += old is None or old.description != core.description
    return len(wanted), written


def _blocks(urls: Sequence[str], own: Names) -> list[UUID]:
    """A notification block for each address. Prefect has one for each of a few services; that of Slack hands every other
    address to Apprise as it is."""
    from prefect.blocks.notifications import SlackWebhook
    from pydantic import SecretStr

    found = []
    for number, url in enumerate(urls, 1):
        saved: Any = SlackWebhook(url=SecretStr(url)).save(f"{own.blocks}{number}", overwrite=True)
        found.append(saved)
    return found


def _forget_blocks(client: Any, own: Names, kept: int) -> None:
    """Delete the blocks of addresses that are no longer set: they hold passwords."""
    for block in client.read_block_documents(include_secrets=False, limit=200):
        number = (block.name or "").removeprefix(own.blocks)
        if number.isdigit() and int(number) > kept:
            client.delete_block_document(block.id)


def _automation(event: Event, settings: Settings, blocks: Sequence[UUID], own: Names) -> Any:
    from prefect.events.actions import SendNotification
    from prefect.events.schemas.automations import AutomationCore, EventTrigger, Posture

    body = MISSING % settings.alerts.missing_hours if event == "run-missing" else BODY
    runs = {"prefect.resource.id": "prefect.flow-run.*"}
    trigger: dict[str, Any] = {"expect": {f"newsduck.{event}"}, "match": {"prefect.resource.id": f"{own.tag}.*"}}
    if event == "run-failed":
        ours = {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{own.tag}"}
        trigger = {"expect": FAILED, "match": runs, "match_related": ours}
    elif event == "run-missing":
        daily = [
            {"prefect.resource.role": "tag", "prefect.resource.id": f"prefect.tag.{tag}"} for tag in ("daily", own.tag)
        ]
        within = timedelta(hours=settings.alerts.missing_hours)
        trigger = {
            "expect": FINISHED,
            "match": runs,
            "match_related": daily,
            "posture": Posture.Proactive,
            "within": within,
        }
    if event != "run-missing":
        trigger |= {"posture": Posture.Reactive, "threshold": 1, "within": timedelta(0)}
    subject = f"newsduck: {SAYS[event][0].lower()}{SAYS[event][1:]}"
    told = {name: sorted(value) if isinstance(value, set) else str(value) for name, value in trigger.items()}
    mark = hashlib.sha256(repr((sorted(told.items()), subject, body, len(blocks))).encode())
    return AutomationCore(
        name=f"{own.automations}{event}",
        description=f"{SAYS[event]}. Written by newsduck from its settings ({mark.hexdigest()[:12]}).",
        trigger=EventTrigger(**trigger),
        actions=[SendNotification(block_document_id=block, subject=subject, body=body) for block in blocks],
    )


def test(settings: Settings) -> bool:
    """Send a word to every address of the settings, and say of each whether it went; likewise by the server, through its
    automations, where one answers. Gives whether all did. Raises BadInput where there are none."""
    urls = settings.alerts.urls
    if not urls:
        raise BadInput('no addresses are set: urls = ["mailto://…"] under [alerts] in newsduck.toml')
    came = [_told(url) for url in urls]
    home = server.home_of(settings)
    auth = server.password_for(settings)
    if auth is None:
        echo(f"no server of ours answers at {settings.server.url}: its automations were not tried (`newsduck up`)")
        return all(came)
    server.point(settings.server.url, auth, home)
    own = names.of(home)
    number, written = sync(settings, own)
    echo(f"{number} automations on the server, {written} of them written now")
    return all(came) and _tried(settings, own)


def _told(url: str) -> bool:
    from apprise import Apprise

    logging.getLogger("apprise").setLevel(logging.CRITICAL)
    notifier = Apprise()
    where = f"{url.partition('://')[0]}://…"  # the rest may be a password
    if not notifier.add(url):
        echo(f"{where} is no address that Apprise knows")
        return False
    sent = bool(notifier.notify(title="newsduck: a test", body="This address is told of what [alerts] asks for."))
    echo(f"{where} {'was told' if sent else 'could not be told: is the address right, does it answer?'}")
    return sent


def _tried(settings: Settings, own: Names) -> bool:
    """Send an event of our own for the first kind that rests on one, and wait for what the server makes of it."""
    from flows.board.events import Happening, emit

    ours = [event for event in settings.alerts.on if event not in ("run-failed", "run-missing")]
    if not ours:
        return True
    begin = datetime.now(UTC)
    emit(Happening(ours[0], "test", f"a test of newsduck: {ours[0]}"), own)
    with server.client() as client:
        names = {"prefix": ["prefect.automation.action."]}
        for _ in range(60):
            time.sleep(0.5)
            asked = {
                "filter": {"event": names, "occurred": {"since": begin.isoformat(), "until": "2999-01-01T00:00:00Z"}}
            }
            found = client.request("POST", "/events/filter", json=asked).json()["events"]
            ends = [
                e["event"].rsplit(".", 1)[1]
                for e in found
                if e["resource"].get("prefect.resource.name") == own.automations + ours[0]
            ]
            if len([end for end in ends if end in ("executed", "failed")]) >= len(settings.alerts.urls):
                sent = "failed" not in ends
                echo(
                    f"the server {'told them too' if sent else 'could not tell them: see its event feed'}, by {own.automations}{ours[0]}"
                )
                return sent
    raise Broken("the server did not act on a test event within 30 s: `newsduck doctor` looks for why")
