"""Attacks by request: names that are not ours, origins of others, more reports than can be made, every parameter."""

import asyncio
import re
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor

from tests.attack.target import Target

Figures = dict[str, float]
EVIL = "evil.example"

PLACES = (
    "/", "/en", "/en/", "/en/countries/AZE", "/en/countries/AZE/", "/sitemap.xml", "/robots.txt",
    "/api/v1/changes.atom", "/api/v1/docs", "/api/v1/openapi.json", "/api/v1/meta", "/api",
    "/embed/en/trend/?indicator=wgi_cc", "/api/v1/reports/country/AZE.pdf", "/api/v1/provenance/0000000000000000",
    "/.well-known/security.txt", "/404", "/ping",
)  # fmt: skip


def hosts(target: Target) -> Figures:
    """A foreign ``Host`` (DNS rebinding leads it here) and its forwarded cousins at every kind of address."""
    reflected, faults, let_in = 0, 0, 0
    for path in PLACES:
        for headers in (
            {"Host": EVIL},
            {"Host": f"localhost:{target.port}", "X_Forwarded_Host": EVIL, "X_Forwarded_Proto": "https"},
            {"Host": f"localhost:{target.port}@{EVIL}"},
            {"Host": f"localhost:{target.port}", "Forwarded": f"host={EVIL};proto=https"},
        ):
            status, said, body = target.get(path, **headers)
            faults += status >= 500
            let_in += EVIL in headers["Host"] and status != 421
            shown = re.sub(rb"<</[^>]*>>", b"", body)
            if EVIL in str(said) or EVIL.encode() in shown:
                reflected += 1
                print("    reflected at", path, headers)  # noqa: T201
    for headers in ({"Host": EVIL}, {"Host": f"localhost:{target.port}", "Origin": f"http://{EVIL}:{target.port}"}):
        shaken = {"Connection": "Upgrade", "Upgrade": "websocket", "Sec_WebSocket_Version": "13"}
        asked = {**headers, **shaken, "Sec_WebSocket_Key": "A" * 22 + "=="}
        let_in += target.get("/_event/?EIO=4&transport=websocket&token=0123456789", **asked)[0] not in (403, 421)
    return {"asked": 4 * len(PLACES) + 2, "reflected": reflected, "faults": faults, "let_in": let_in}


def origins(target: Target) -> Figures:
    """Scripts of other sites."""
    reflected = 0
    for path in ("/", "/en/", "/api/v1/meta", "/_event/?EIO=4&transport=polling", "/readyz"):
        for origin in (f"https://{EVIL}", "null", f"http://localhost:{target.port}.{EVIL}"):
            for method in ("GET", "OPTIONS"):
                _, said, _ = target.get(path, method=method, Origin=origin, Access_Control_Request_Method="GET")
                allowed = said.get("access-control-allow-origin", "")
                if allowed == origin or (allowed and said.get("access-control-allow-credentials") == "true"):
                    reflected += 1
                    print("    origin reflected at", path, origin, method)  # noqa: T201
    changed = 0
    for path in (
        "/account/login",
        "/account/logout",
        "/api/v1/effects",
        "/api/v1/opinions",
        "/api/v1/submissions",
        "/api/v1/submissions/1/approve",
        "/en/",
    ):
        for origin in (f"https://{EVIL}", "null", f"http://localhost:{target.port + 1}"):
            for method in ("POST", "PUT", "PATCH", "DELETE"):
                changed += target.get(path, method=method, Origin=origin)[0] != 403
    return {"reflected": reflected, "changed": changed}


def headers(target: Target) -> Figures:
    """What every page may run."""
    loose = 0
    for path in (*PLACES[:6], "/ar/", "/en/compare/", "/api/v1/docs"):
        policy = target.get(path)[1].get("content-security-policy", "")
        scripts = next((part for part in policy.split(";") if "script-src" in part), "")
        loose += "unsafe-inline" in scripts or "unsafe-eval" in scripts or not policy
    return {"loose": loose}


async def reports(target: Target, many: int) -> Figures:
    """Reports nobody has asked for yet, all at once from one address, and one of an honest reader meanwhile."""
    codes = ("AZE", "GEO", "KAZ", "UZB", "IDN", "ROU", "UGA", "TUR", "KGZ", "TJK", "MNE", "UKR", "AFG", "MAR", "EGY")
    refused: list[float] = []
    status: list[int] = []

    async def ask(number: int) -> None:
        kind = ("country", "vnr")[number % 2]
        lang = ("en", "fr", "ar", "az")[number // 2 % 4]
        path = f"/api/v1/reports/{kind}/{codes[number // 8 % len(codes)]}.pdf?lang={lang}"
        began = time.monotonic()
        code, _, _ = await asyncio.to_thread(target.get, path, "127.0.0.20", 120.0)
        status.append(code)
        if code in (429, 503):
            refused.append(time.monotonic() - began)

    loop = asyncio.get_running_loop()
    from concurrent.futures import ThreadPoolExecutor

    loop.set_default_executor(ThreadPoolExecutor(many + 4))
    attack = [asyncio.ensure_future(ask(number)) for number in range(many)]
    await asyncio.sleep(0.3)
    began = time.monotonic()
    code, _, body = await asyncio.to_thread(target.get, "/api/v1/reports/programme.pdf", "127.0.0.21", 120.0)
    honest = time.monotonic() - began
    await asyncio.gather(*attack)
    return {
        "asked": many, "made": status.count(200), "refused": len(refused),
        "slowest_refusal_s": max(refused, default=0.0),
        "honest_s": honest, "honest_ok": float(code == 200 and body.startswith(b"%PDF")),
        "faults": sum(code >= 500 and code != 503 for code in status),
    }  # fmt: skip


def plans(target: Target) -> Figures:
    """One address that has many plans carried out at once; one after the other a slow machine takes over a minute."""
    many = "/api/v1/effects?method=synthetic_control&indicator=wgi_ge&country=AFG&from="
    with ThreadPoolExecutor(14) as pool:
        status = [*pool.map(lambda year: target.get(f"{many}{year}", "127.0.0.30", 120.0)[0], range(1996, 2010))]
    return {"refused_of_14": status.count(429), "made_of_14": status.count(200)}


def contract(target: Target, examples: int) -> Figures:
    """Requests made up from the API's own description (schemathesis): none may be a fault of ours."""
    command = [
        sys.executable, "-m", "schemathesis.cli", "run", f"{target.url}/api/v1/openapi.json",
        "--checks", "not_a_server_error", "--max-examples", str(examples), "--phases", "fuzzing,coverage",
        "--seed", "15", "--no-color", "--workers", "2",
    ]  # fmt: skip
    ran = subprocess.run(command, capture_output=True, text=True, timeout=1800)
    said = ran.stdout + ran.stderr
    if ran.returncode:
        print(said.partition("FAILURES")[2][:4000] or said[-4000:])  # noqa: T201
    requests, errors, broken = read_outcome(said, ran.returncode)
    return {"requests": float(requests), "server_errors": float(errors), "broken_off": float(broken)}


def read_outcome(said: str, code: int) -> tuple[int, int, bool]:
    """Requests that schemathesis made, answers it found to be server errors, and whether it broke off without one.

    An exit code alone is no answer: it is not nought as well where the program itself could not go on.
    """
    made, failed = re.search(r"(\d[\d,]*) generated", said), re.search(r"(\d+) found", said)
    errors = int(failed[1]) if failed else 0
    return int(made[1].replace(",", "")) if made else 0, errors, bool(code and not errors) or not made
