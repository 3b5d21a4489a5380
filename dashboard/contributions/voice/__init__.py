"""Citizens' voice: opinions taken in, redacted before storage, sorted under themes offline, published as counts.

``model`` says what an opinion is; ``intake`` takes it in; ``redaction`` and ``language`` come before storage, ``inbox``
seals the raw words; ``wordlists``, ``classifier`` and a person (``review``) sort; ``publication`` is their one way out.
"""
