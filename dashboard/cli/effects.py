"""``python -m dashboard effects``: make the estimates that come with the product, of the dataset in force."""

import typer
from rich.progress import track


def effects() -> None:
    """Estimate every adopter and outcome by the default plan, and write what comes with the product."""
    from dashboard.sandbox.pools import Sandbox
    from dashboard.services.base.context import open_context
    from dashboard.services.effects.estimates import default_plans, is_refused, known, make, name_of, ship
    from dashboard.services.effects.query import outcome_of

    ctx, sandbox, results = open_context(), Sandbox(workers=1, tasks=50), {}
    for query in track([*default_plans(ctx)], description="Estimating"):
        make(query, sandbox)
        found = known(query)
        if found is not None and not is_refused(query):
            results[name_of(query.plan, outcome_of(query))] = found
    ship(ctx, results)
    typer.echo(f"{len(results)} estimates on {ctx.dataset.name} are written")
