"""Log in through an organisation's OpenID Connect provider: authorization code with PKCE, state and nonce.

The only module of this package that uses HTTP, and only to the provider named in the settings.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx

from dashboard.accounts import audit, standing, store, tokens
from dashboard.accounts.mail import read_address
from dashboard.accounts.model import AccessRefused, AccountError, Impossible, Role, State, Unconfigured
from dashboard.accounts.people import Rights, check_rights, find_office, has_rights
from dashboard.accounts.sessions import Cookie, is_secure, name_cookie, name_subject, read_cookie
from dashboard.accounts.tables import Account
from dashboard.evidence.database.engine import open_engine, writing
from dashboard.runtime import outbound
from dashboard.settings import Settings

log = logging.getLogger(__name__)

STATE_COOKIE = "monitor-oidc"
GROUPS = "groups at the organisation's login"
"""The reason in the audit trail for changes that follow from groups."""

LOGIN_S = 600
"""How long a person may take at the provider."""

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures with the provider's public keys only: never ``none``, and never a shared secret."""

LEEWAY_S = 60  # seconds by which clocks may differ
MAX_BYTES = 1 << 20
SECOND_FACTORS = {"mfa", "otp", "hwk", "swk", "sms", "fido", "face", "fpt", "iris"}
"""Values of ``amr`` (RFC 8176) that stand for more than a password."""


@dataclass(frozen=True)
class Person:
    """A person whom the provider has authenticated."""

    subject: str  # issuer and subject: the one name that does not change
    email: str
    name: str
    groups: tuple[str, ...]
    second_factor: bool
    lang: str
    back: str = ""  # where they wanted to go, as it was sealed


def is_configured(settings: Settings) -> bool:
    """Return True if a provider is set."""
    return bool(settings.accounts.oidc.issuer and settings.accounts.oidc.client_id)


def build_redirect_uri(settings: Settings) -> str:
    """Return the address to register at the provider."""
    return f"{(settings.public_url or '').rstrip('/')}/account/callback"


def start_login(settings: Settings, lang: str, back: str = "") -> tuple[str, Cookie]:
    """Return where to send the browser, and the sealed cookie that it must bring back.

    ``back`` is where the person wants to go afterwards.

    Raises:
        AccountError: the provider does not answer as one.
    """
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    login_state = {
        "state": tokens.generate_secret(),
        "nonce": tokens.generate_secret(),
        "verifier": tokens.generate_secret(),
        "lang": lang,
    }
    login_state["back"] = back
    to = prepare_grant_uri(
        _fetch_provider(settings)["authorization_endpoint"],
        client_id=settings.accounts.oidc.client_id,
        response_type="code",
        redirect_uri=build_redirect_uri(settings),
        scope=settings.accounts.oidc.scope,
        state=login_state["state"],
        nonce=login_state["nonce"],
        code_challenge=create_s256_code_challenge(login_state["verifier"]),
        code_challenge_method="S256",
        ui_locales=lang,
    )
    return str(to), _make_cookie(settings, tokens.seal(settings, STATE_COOKIE, login_state), LOGIN_S)


def clear_cookie(settings: Settings) -> Cookie:
    """Return the cookie that removes the one of ``start_login``, which is used once."""
    return _make_cookie(settings, "", 0)


def finish_login(settings: Settings, query: Mapping[str, str], cookie_header: str) -> Person:
    """Return the person who came back from the provider.

    Args:
        settings: with the provider.
        query: the parameters the provider sent back in the address.
        cookie_header: with the cookie of ``start_login``.

    Raises:
        AccessRefused: state, nonce, audience, issuer, time, signature or e-mail are wrong.
        AccountError: the provider does not answer as one.
    """
    import secrets

    cookie = read_cookie(cookie_header, name_cookie(settings, STATE_COOKIE))
    login_state = tokens.unseal(settings, STATE_COOKIE, cookie, LOGIN_S)
    if not secrets.compare_digest(query.get("state", "").encode(), login_state["state"].encode()):
        raise AccessRefused("This login was not begun in this browser: begin again", "login_stale")
    provider = _fetch_provider(settings)
    if query.get("iss", provider["issuer"]) != provider["issuer"]:  # RFC 9207
        raise AccessRefused("The answer is not of the provider that was asked", "login_stale")
    if "code" not in query:
        raise AccessRefused("The login at your organisation was not completed", "login_denied")
    claims = _read_claims(
        settings,
        provider,
        _exchange_code(settings, provider, query["code"], login_state["verifier"]),
        login_state["nonce"],
    )
    if claims.get("email_verified") is not True:
        raise AccessRefused("Your organisation has not verified your e-mail address", "email_unverified")
    try:
        email = read_address(str(claims.get("email", "")))
    except Impossible as error:
        raise AccessRefused("Your organisation gave no e-mail address for you", "email_unverified") from error
    return Person(
        subject=f"{claims['iss']}|{claims['sub']}",
        email=email,
        name=str(claims.get("name", ""))[:120],
        groups=_read_texts(claims.get(settings.accounts.oidc.role_claim)),
        second_factor=bool(SECOND_FACTORS & set(_read_texts(claims.get("amr")))),
        lang=login_state["lang"],
        back=login_state.get("back", ""),
    )


def admit(settings: Settings, person: Person, address: str) -> Account:
    """Return the account of an authenticated person: by subject, invited e-mail or groups.

    A role that came from a group follows it at each login; whoever has left the last such group loses role, sessions,
    tokens and links. A role given by hand stays.

    Raises:
        AccessRefused: nobody invited them and no group has a role, they left it, or the account was revoked.
    """
    rights = next((rights for group, rights in read_mapping(settings).items() if group in person.groups), None)
    with writing(open_engine(settings)) as connection:
        was = invited.account.state if (invited := store.find_by_email(connection, person.email)) else None
        account = _admit(connection, person, rights, address)
    if account is None:  # only now: within the transaction it would undo what has ended
        raise AccessRefused("You are in no group of your organisation that has a role here any more", "group_gone")
    if account.waits and was is State.INVITED:
        standing.announce_waiting(settings, account)
    return account


def _admit(connection: Any, person: Person, rights: Rights | None, address: str) -> Account | None:
    """Return the account with the rights of this login; None where its group is gone and all is ended."""
    stored = store.find_by_subject(connection, person.subject) or store.find_by_email(connection, person.email)
    if stored is None and rights is None:
        raise AccessRefused("You have no account here: ask an administrator of the programme", "not_invited")
    if stored and (
        stored.account.state is State.REVOKED or (stored.subject is not None and stored.subject != person.subject)
    ):
        raise AccessRefused("You have no account here: ask an administrator of the programme", "not_invited")
    if stored and stored.account.by_group and rights is None:
        _end_membership(connection, stored.account, address)
        return None
    values: dict[str, Any] = {"subject": person.subject, "state": State.ACTIVE.value}
    if rights:
        values |= {"role": rights.role.value, "country": rights.country, "network": ""}
        values |= {"office": rights.office or (stored.account.office if stored else "")}
        named = replace(rights, office=values["office"])
        values |= {"office_number": find_office(connection, named, stored.account if stored else None)}
    if stored is None:
        now = datetime.now(UTC)
        account = store.add_account(
            connection,
            email=person.email,
            name=person.name,
            language=person.lang,
            created_at=now,
            by_group=True,
            given_at=now,
            **values,
        )
        audit.record(connection, action="account.provisioned", subject=name_subject(account), address=address)
        return account
    before = stored.account
    if rights and not has_rights(before, rights, values["office_number"]):  # a role given by hand stays so if equal
        values |= {"by_group": True, **standing.describe_grant(rights.role, None, datetime.now(UTC))}
        store.end_sessions(connection, before.id)
        store.end_tokens(connection, before.id)
        audit.record(
            connection,
            action="account.rights_changed",
            subject=name_subject(before),
            address=address,
            before={"role": before.role.value, "country": before.country, "network": before.network},
            after={"role": rights.role.value, "country": rights.country, "network": ""},
            reason=GROUPS,
        )
    store.change_account(connection, before.id, **values)
    secrets = store.find_by_id(connection, before.id)
    assert secrets is not None
    return secrets.account


def _end_membership(connection: Any, account: Account, address: str) -> None:
    ended = {"sessions": store.end_sessions(connection, account.id), "tokens": store.end_tokens(connection, account.id)}
    store.drop_links(connection, account.id)
    audit.record(
        connection,
        action="account.group_gone",
        subject=name_subject(account),
        address=address,
        after=ended,
        reason=GROUPS,
    )


def _read_texts(claim: Any) -> tuple[str, ...]:
    """Return the texts of a claim that is a text or a list; anything else is ignored."""
    if isinstance(claim, str):
        return (claim,)
    return tuple(item for item in claim if isinstance(item, str)) if isinstance(claim, list) else ()


def read_mapping(settings: Settings) -> dict[str, Rights]:
    """Return the rights of each group, as the settings define them.

    Raises:
        Unconfigured: a role or country is invalid; the message names the setting.
    """
    claims = {}
    for group, text in settings.accounts.oidc.roles.items():
        role, _, place = text.partition(":")
        country, _, office = place.partition(":")
        try:
            claims[group] = check_rights(Rights(Role(role.strip()), country, office))
        except (ValueError, Impossible) as error:
            raise Unconfigured(
                f"MONITOR_ACCOUNTS__OIDC__ROLES: {group!r} is mapped to {text!r}: {error}. Write admin, reviewer, "
                "contributor:AZE:Office or approver:AZE:Office"
            ) from error
    return claims


def _fetch_provider(settings: Settings) -> dict[str, Any]:
    """Fetch the provider's description; it is small and logins are rare, so it is not cached."""
    from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url

    issuer = settings.accounts.oidc.issuer
    document = _fetch_json(settings, get_well_known_url(issuer, external=True))
    if document.get("issuer") != issuer:
        raise AccountError(
            f"MONITOR_ACCOUNTS__OIDC__ISSUER is {issuer}, but the provider calls itself {document.get('issuer')}",
            "provider",
        )
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _require_https(str(OpenIDProviderMetadata(document).get(name, "")))
    return document


def _exchange_code(settings: Settings, provider: Mapping[str, Any], code: str, verifier: str) -> str:
    oidc = settings.accounts.oidc
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": build_redirect_uri(settings),
        "code_verifier": verifier,
    }
    secret = oidc.client_secret.get_secret_value() if oidc.client_secret else ""
    posted_secret = "client_secret_basic" not in provider.get(
        "token_endpoint_auth_methods_supported", ["client_secret_basic"]
    )
    auth = None
    if posted_secret or not secret:
        body |= {"client_id": oidc.client_id} | ({"client_secret": secret} if secret else {})
    else:
        auth = httpx.BasicAuth(quote_plus(oidc.client_id), quote_plus(secret))  # RFC 6749, 2.3.1
    answer = _fetch_json(settings, str(provider["token_endpoint"]), data=body, auth=auth)
    if not isinstance(answer.get("id_token"), str):
        raise AccessRefused("The login at your organisation was not completed", "login_denied")
    return str(answer["id_token"])


def _read_claims(settings: Settings, provider: Mapping[str, Any], token: str, nonce: str) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    client_id = settings.accounts.oidc.client_id
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY_S,
        iss={"essential": True, "value": provider["issuer"]},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        keys = KeySet.import_key_set(_fetch_json(settings, str(provider["jwks_uri"])))  # type: ignore[arg-type]
        claims = dict(jwt.decode(token, keys, algorithms=list(ALGORITHMS)).claims)
        rules.validate(claims)
    except (JoseError, ValueError) as error:
        log.warning("The token of the organisation's login was refused: %s", type(error).__name__)
        raise AccessRefused(
            "The answer of your organisation's login cannot be trusted: begin again", "login_token"
        ) from error
    audience = claims["aud"] if isinstance(claims["aud"], list) else [claims["aud"]]
    if claims.get("azp", client_id if len(audience) == 1 else None) != client_id:  # OpenID Connect Core, 3.1.3.7
        raise AccessRefused("The answer of your organisation's login is for another site", "login_token")
    return claims


def _fetch_json(
    settings: Settings, url: str, *, data: Mapping[str, str] | None = None, auth: Any = None
) -> dict[str, Any]:
    """Fetch a small JSON document from the provider, at a public or explicitly allowed address."""
    _require_https(url)
    try:
        private = settings.accounts.oidc.private_hosts
        answer = outbound.fetch(
            url, most=MAX_BYTES, seconds=settings.http.connect_timeout, private=private, data=data, auth=auth
        )
        if data and 400 <= answer.status < 500:
            raise AccessRefused("The login at your organisation was not completed", "login_denied")
        if answer.status != 200:
            raise ValueError(f"status {answer.status}")
        document = json.loads(answer.body)
        if not isinstance(document, dict):
            raise ValueError("no object")
    except outbound.NotPublic as error:
        log.error(
            "The organisation's login at %s is not asked: %s. Where it is your own, name its host in "
            "MONITOR_ACCOUNTS__OIDC__PRIVATE_HOSTS",
            url, error,
        )  # fmt: skip
        raise AccountError("Your organisation's login does not answer: please try again later", "provider") from error
    except (httpx.HTTPError, ValueError, RecursionError) as error:
        log.error("The organisation's login at %s does not answer as it should: %s", url, type(error).__name__)
        raise AccountError("Your organisation's login does not answer: please try again later", "provider") from error
    return document


def _require_https(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")):
        raise AccountError(f"The organisation's login must be asked by https, not {url[:200]!r}", "provider")


def _make_cookie(settings: Settings, value: str, seconds: int) -> Cookie:
    return Cookie(name_cookie(settings, STATE_COOKIE), value, seconds, is_secure(settings))
