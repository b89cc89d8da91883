"""What others left on a server of ours: newsduck up to 0.1.0, before data folders had names there, and the folders that this
one is a copy of. Deployments in pools that nobody works any more, automations, and blocks with the addresses of alerts."""

from contextlib import suppress
from typing import Any

from flows.board.up import server
from flows.board.up.names import FORMER_POOL, Names

AUTOMATIONS, BLOCKS = "newsduck: ", "newsduck-alerts-"  # what theirs began with up to 0.1.0


def leave(own: Names) -> int:
    """Delete it from the server this process points at, which must be this data folder's alone; gives how many things."""
    others = [Names(name) for name in own.former]
    with server.client() as client:
        gone = _delete(client, FORMER_POOL, AUTOMATIONS, BLOCKS)
        return gone + sum(_delete(client, other.pool, other.automations, other.blocks) for other in others)


def _delete(client: Any, pool: str, automations: str, blocks: str) -> int:
    from prefect.client.schemas.filters import WorkPoolFilter, WorkPoolFilterName
    from prefect.exceptions import ObjectNotFound

    gone = 0
    for deployment in client.read_deployments(work_pool_filter=WorkPoolFilter(name=WorkPoolFilterName(any_=[pool]))):
        client.delete_deployment(deployment.id)
        gone += 1
    for automation in client.read_automations():
        if automation.name.startswith(automations):
            client.delete_automation(automation.id)
            gone += 1
    for block in client.read_block_documents(include_secrets=False, limit=200):
        if (block.name or "").startswith(blocks):
            client.delete_block_document(block.id)
            gone += 1
    with suppress(ObjectNotFound):
        client.delete_work_pool(pool)
    return gone
