"""``headstart doctor``."""

from __future__ import annotations

from headstart.cli import options

app = options.app()


@app.command(epilog="Example: headstart doctor --json")
def doctor(as_json: options.Json = False) -> None:
    """Look at this machine: versions, devices, memory, space, sources at hand, and what to do."""
    from headstart.cli.output import document, show_findings
    from headstart.recipes.doctor import doctor as examine

    findings = examine()
    if as_json:
        document(findings)
    else:
        show_findings(findings)
