"""What newsduck up to 0.1.0 left on a server of ours, before data folders had names there: deployments in the pool
`newsduck`, which nobody works any more, automations, and blocks with the addresses of alerts."""

from contextlib import suppress

from flows import server
from flows.board.names import FORMER_POOL, Names

AUTOMATIONS, BLOCKS = "newsduck: ", "newsduck-alerts-"


def leave(own: Names) -> int:
    """Delete it from the server this process points at, which must be this data folder's alone; gives how many things."""
    from prefect.client.schemas.filters import WorkPoolFilter, WorkPoolFilterName
    from prefect.exceptions import ObjectNotFound

    gone = 0
    with server.client() as client:
        pool = WorkPoolFilter(name=WorkPoolFilterName(any_=[FORMER_POOL]))
        for deployment in client.read_deployments(work_pool_filter=pool):
            if own.tag not in deployment.tags:
                client.delete_deployment(deployment.id)
                gone += 1
        for automation in client.read_automations():
            if automation.name.startswith(AUTOMATIONS):
                client.delete_automation(automation.id)
                gone += 1
        for block in client.read_block_documents(include_secrets=False, limit=200):
            if (block.name or "").startswith(BLOCKS):
                client.delete_block_document(block.id)
                gone += 1
        with suppress(ObjectNotFound):
            client.delete_work_pool(FORMER_POOL)
    return gone
