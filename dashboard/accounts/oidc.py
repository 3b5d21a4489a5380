"""The login of an organisation (OpenID Connect): discovery, authorization code with PKCE, state and nonce.

``start(settings, lang) -> (address, Cookie)``: where to send the browser, and what it must bring back
``finish(settings, query, cookie_header) -> Person``: who came back, checked
``admit(settings, person, address) -> Account``: the account of that person, by the mapping of claims to roles

The only module of this room that speaks to the network by HTTP: to the one provider of the settings.
"""

import json
import logging
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import quote_plus, urlsplit

import httpx

from dashboard import outbound
from dashboard.accounts import audit, standing, store, tokens
from dashboard.accounts.mail import read_address
from dashboard.accounts.model import AccessRefused, Account, AccountError, Impossible, Role, State, Unconfigured
from dashboard.accounts.people import Rights, checked, find_office
from dashboard.accounts.sessions import Cookie, cookie_name, cookie_value, is_secure, subject
from dashboard.database.engine import open_engine, writing
from dashboard.settings import Settings

log = logging.getLogger(__name__)

NAME = "monitor-oidc"
GROUPS = "groups at the organisation's login"
"""The reason in the audit trail of what followed from them."""

SECONDS = 600
"""How long a person may take at the provider."""

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA", "Ed25519")
"""Signatures with the provider's public keys only: never ``none``, and never a shared secret."""

LEEWAY = 60  # seconds by which clocks may differ
MAX_BYTES = 1 << 20
SECOND_FACTORS = {"mfa", "otp", "hwk", "swk", "sms", "fido", "face", "fpt", "iris"}
"""Values of ``amr`` (RFC 8176) that stand for more than a password."""


@dataclass(frozen=True)
class Person:
    """Who the provider says has logged in."""

    subject: str  # issuer and subject: the one name that does not change
    email: str
    name: str
    groups: tuple[str, ...]
    second_factor: bool
    lang: str
    back: str = ""  # where they wanted to go, as it was sealed


def configured(settings: Settings) -> bool:
    """Whether there is a provider."""
    return bool(settings.accounts.oidc.issuer and settings.accounts.oidc.client_id)


def redirect_uri(settings: Settings) -> str:
    """The address to register at the provider."""
    return f"{(settings.public_url or '').rstrip('/')}/account/callback"


def start(settings: Settings, lang: str, back: str = "") -> tuple[str, Cookie]:
    """Where to send the browser, and the sealed cookie that it must bring back; ``back``: where the person wants to go.

    Raises:
        AccountError: the provider does not answer as one.
    """
    from authlib.oauth2.rfc6749.parameters import prepare_grant_uri
    from authlib.oauth2.rfc7636 import create_s256_code_challenge

    login_state = {"state": tokens.new(), "nonce": tokens.new(), "verifier": tokens.new(), "lang": lang}
    login_state["back"] = back
    to = prepare_grant_uri(
        _provider(settings)["authorization_endpoint"],
        client_id=settings.accounts.oidc.client_id,
        response_type="code",
        redirect_uri=redirect_uri(settings),
        scope=settings.accounts.oidc.scope,
        state=login_state["state"],
        nonce=login_state["nonce"],
        code_challenge=create_s256_code_challenge(login_state["verifier"]),
        code_challenge_method="S256",
        ui_locales=lang,
    )
    return str(to), _cookie(settings, tokens.sealed(settings, NAME, login_state), SECONDS)


def over(settings: Settings) -> Cookie:
    """Removes the cookie of ``start``: each can be used once."""
    return _cookie(settings, "", 0)


def finish(settings: Settings, query: Mapping[str, str], cookie_header: str) -> Person:
    """Who came back from the provider.

    Args:
        settings: with the provider.
        query: what the provider sent back in the address.
        cookie_header: with the cookie of ``start``.

    Raises:
        AccessRefused: state, nonce, audience, issuer, time, signature or e-mail are not as they must be.
        AccountError: the provider does not answer as one.
    """
    import secrets

    cookie = cookie_value(cookie_header, cookie_name(settings, NAME))
    login_state = tokens.unsealed(settings, NAME, cookie, SECONDS)
    if not secrets.compare_digest(query.get("state", "").encode(), login_state["state"].encode()):
        raise AccessRefused("This login was not begun in this browser: begin again", "login_stale")
    provider = _provider(settings)
    if query.get("iss", provider["issuer"]) != provider["issuer"]:  # RFC 9207
        raise AccessRefused("The answer is not of the provider that was asked", "login_stale")
    if "code" not in query:
        raise AccessRefused("The login at your organisation was not completed", "login_denied")
    claims = _claims(
        settings, provider, _exchange(settings, provider, query["code"], login_state["verifier"]), login_state["nonce"]
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
        groups=_words(claims.get(settings.accounts.oidc.role_claim)),
        second_factor=bool(SECOND_FACTORS & set(_words(claims.get("amr")))),
        lang=login_state["lang"],
        back=login_state.get("back", ""),
    )


def admit(settings: Settings, person: Person, address: str) -> Account:
    """The account of a person who came back: by subject, else by the e-mail that was invited, else by their groups.

    Where a group of theirs is mapped to a role, the role follows it at each login: who has left the last such group has
    none any more, and their sessions, tokens and links end. A role that was given by hand stays.

    Raises:
        AccessRefused: nobody invited them and no group of theirs has a role, they have left it, or the account was
            revoked.
    """
    rights = _rights(settings, person.groups)
    with writing(open_engine(settings)) as connection:
        was = known.account.state if (known := store.by_email(connection, person.email)) else None
        account = _admitted(connection, person, rights, address)
    if account is None:  # only now: within the transaction it would undo what has ended
        raise AccessRefused("You are in no group of your organisation that has a role here any more", "group_gone")
    if account.waits and was is State.INVITED:
        standing.tell_waits(settings, account)
    return account


def _admitted(connection: Any, person: Person, rights: Rights | None, address: str) -> Account | None:
    """The account with the rights of this login; None where the group that gave them is gone, and all is ended."""
    known = store.by_subject(connection, person.subject) or store.by_email(connection, person.email)
    if known is None and rights is None:
        raise AccessRefused("You have no account here: ask an administrator of the programme", "not_invited")
    if known and (
        known.account.state is State.REVOKED or (known.subject is not None and known.subject != person.subject)
    ):
        raise AccessRefused("You have no account here: ask an administrator of the programme", "not_invited")
    if known and known.account.by_group and rights is None:
        _end_of_group(connection, known.account, address)
        return None
    values: dict[str, Any] = {"subject": person.subject, "state": State.ACTIVE.value}
    if rights:
        values |= {"role": rights.role.value, "country": rights.country, "network": ""}
        values |= {"office": rights.office or (known.account.office if known else "")}
        told = replace(rights, office=values["office"])
        values |= {"office_number": find_office(connection, told, known.account if known else None)}
    if known is None:
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
        audit.record(connection, action="account.provisioned", subject=subject(account), address=address)
        return account
    before = known.account
    store.change_account(connection, before.id, **values)
    secrets = store.by_id(connection, before.id)
    assert secrets is not None
    account = secrets.account
    was = (before.role, before.country, before.network, before.office_number)
    if was != (account.role, account.country, account.network, account.office_number):
        now = datetime.now(UTC)  # the same as by hand stays one by hand
        store.change_account(connection, account.id, by_group=True, **standing.given(account.role, None, now))
        store.end_sessions(connection, account.id)
        store.end_tokens(connection, account.id)
        audit.record(
            connection,
            action="account.rights_changed",
            subject=subject(account),
            address=address,
            before={"role": before.role.value, "country": before.country, "network": before.network},
            after={"role": account.role.value, "country": account.country, "network": account.network},
            reason=GROUPS,
        )
        account = replace(account, by_group=True, waits=False, confirmed_by=None, given_by=None, given_at=now)
    return account


def _end_of_group(connection: Any, account: Account, address: str) -> None:
    ended = {"sessions": store.end_sessions(connection, account.id), "tokens": store.end_tokens(connection, account.id)}
    store.drop_links(connection, account.id)
    audit.record(
        connection, action="account.group_gone", subject=subject(account), address=address, after=ended, reason=GROUPS
    )


def _words(claim: Any) -> tuple[str, ...]:
    """The texts of a claim that is a text or a list of them; what is none of these says nothing."""
    if isinstance(claim, str):
        return (claim,)
    return tuple(one for one in claim if isinstance(one, str)) if isinstance(claim, list) else ()


def mapping(settings: Settings) -> dict[str, Rights]:
    """Group → rights, as the settings say.

    Raises:
        Unconfigured: a role or a country is none; the message names the setting.
    """
    claims = {}
    for group, text in settings.accounts.oidc.roles.items():
        role, _, rest = text.partition(":")
        country, _, office = rest.partition(":")
        try:
            claims[group] = checked(Rights(Role(role.strip()), country, office))
        except (ValueError, Impossible) as error:
            raise Unconfigured(
                f"MONITOR_ACCOUNTS__OIDC__ROLES: {group!r} is mapped to {text!r}: {error}. Write admin, reviewer, "
                "contributor:AZE:Office or approver:AZE:Office"
            ) from error
    return claims


def _rights(settings: Settings, groups: tuple[str, ...]) -> Rights | None:
    """The rights of the first group, in the order of the settings, that the person is in."""
    return next((rights for group, rights in mapping(settings).items() if group in groups), None)


def _provider(settings: Settings) -> dict[str, Any]:
    """The provider's description of itself, asked for anew: it is small, and logins are rare."""
    from authlib.oidc.discovery import OpenIDProviderMetadata, get_well_known_url

    issuer = settings.accounts.oidc.issuer
    document = _json(settings, get_well_known_url(issuer, external=True))
    if document.get("issuer") != issuer:
        raise AccountError(
            f"MONITOR_ACCOUNTS__OIDC__ISSUER is {issuer}, but the provider calls itself {document.get('issuer')}",
            "provider",
        )
    for name in ("authorization_endpoint", "token_endpoint", "jwks_uri"):
        _safe(str(OpenIDProviderMetadata(document).get(name, "")))
    return document


def _exchange(settings: Settings, provider: Mapping[str, Any], code: str, verifier: str) -> str:
    oidc = settings.accounts.oidc
    body = {
        "grant_type": "authorization_code",
        "code": code,
        "redirect_uri": redirect_uri(settings),
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
    answer = _json(settings, str(provider["token_endpoint"]), data=body, auth=auth)
    if not isinstance(answer.get("id_token"), str):
        raise AccessRefused("The login at your organisation was not completed", "login_denied")
    return str(answer["id_token"])


def _claims(settings: Settings, provider: Mapping[str, Any], token: str, nonce: str) -> dict[str, Any]:
    from joserfc import jwt
    from joserfc.errors import JoseError
    from joserfc.jwk import KeySet

    client_id = settings.accounts.oidc.client_id
    rules = jwt.JWTClaimsRegistry(
        leeway=LEEWAY,
        iss={"essential": True, "value": provider["issuer"]},
        aud={"essential": True, "value": client_id},
        exp={"essential": True},
        iat={"essential": True},
        sub={"essential": True},
        nonce={"essential": True, "value": nonce},
    )
    try:
        keys = KeySet.import_key_set(_json(settings, str(provider["jwks_uri"])))  # type: ignore[arg-type]
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


def _json(settings: Settings, url: str, *, data: Mapping[str, str] | None = None, auth: Any = None) -> dict[str, Any]:
    """A small JSON document of the provider, asked at a public address or one that the operator allows."""
    _safe(url)
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


def _safe(url: str) -> None:
    parts = urlsplit(url)
    if parts.scheme != "https" and not (parts.scheme == "http" and parts.hostname in ("localhost", "127.0.0.1")):
        raise AccountError(f"The organisation's login must be asked by https, not {url[:200]!r}", "provider")


def _cookie(settings: Settings, value: str, seconds: int) -> Cookie:
    return Cookie(cookie_name(settings, NAME), value, seconds, is_secure(settings))
