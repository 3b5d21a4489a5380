"""What an expression or a statement can become so that a test should notice, each with its kind.

What survived strangers were decisions, orders, boundaries and words, so a draw is even over the kinds:

- ``computes``: another operator, number or sign; nothing returned
- ``boundary``: the opposite comparison; ``and`` for ``or``
- ``limit``: a limit met exactly: the neighbouring comparison, the last page of a list, one more of a slice or a range
- ``condition``: one of two conditions dropped, always, never, a filter dropped, a value missing from a list
- ``order``: turned round: sorting, first and last, least and most, two arguments
- ``words``: a number in a sentence, the decimals it is written with
- ``sides``: the other of two names or words: next and previous, first and last, a rise and a fall
- ``write``: a call made for what it does, or a value put away, left out
- ``key``: a part of a key left out
- ``unit``: hours for days; a word of a closed list for its neighbour
- ``bytes``: what is compared has equal names, or equal length
- ``mode``: a file that others may read
"""

import ast
import copy
import re
from collections.abc import Iterator, Mapping, Sequence
from itertools import pairwise

KINDS = (
    "computes", "boundary", "limit", "condition", "order", "sides", "words", "write", "key", "unit", "bytes", "mode",
)  # fmt: skip

SWAPPED: dict[type[ast.AST], tuple[type[ast.AST], ...]] = {
    ast.Lt: (ast.LtE, ast.GtE), ast.LtE: (ast.Lt, ast.Gt), ast.Gt: (ast.GtE, ast.LtE), ast.GtE: (ast.Gt, ast.Lt),
    ast.Eq: (ast.NotEq,), ast.NotEq: (ast.Eq,), ast.In: (ast.NotIn,), ast.NotIn: (ast.In,),
    ast.Is: (ast.IsNot,), ast.IsNot: (ast.Is,), ast.And: (ast.Or,), ast.Or: (ast.And,),
    ast.Add: (ast.Sub,), ast.Sub: (ast.Add,), ast.Mult: (ast.Div,), ast.Div: (ast.Mult,), ast.FloorDiv: (ast.Mult,),
    ast.Mod: (ast.Mult,), ast.Pow: (ast.Mult,), ast.BitAnd: (ast.BitOr,), ast.BitOr: (ast.BitAnd,),
}  # fmt: skip
"""Operator → what stands in its place: the neighbouring boundary, the opposite."""

EXACTLY: dict[type[ast.AST], type[ast.AST]] = {ast.Lt: ast.LtE, ast.LtE: ast.Lt, ast.Gt: ast.GtE, ast.GtE: ast.Gt}
"""Comparison → the one that differs from it where the limit is met exactly."""

OPPOSITE = {
    "min": "max", "max": "min", "any": "all", "all": "any", "first": "last", "last": "first", "head": "tail",
    "tail": "head", "floor": "ceil", "ceil": "floor", "lower": "upper", "asc": "desc", "desc": "asc",
    "min_horizontal": "max_horizontal", "max_horizontal": "min_horizontal",
}  # fmt: skip
"""Function → the one that gives the other end."""

_PAIRS = (
    "next previous", "first last", "earliest latest", "after until", "since until", "before after", "start end",
    "low high", "lower upper", "lowest highest", "best worst", "better worse", "above below", "higher lower", "up down",
    "rise fall", "rises falls", "rose fell", "more fewer", "more less", "most least", "gain loss", "increase decrease",
    "strongest weakest", "old new",
)  # fmt: skip
TWINS = {one: other for pair in map(str.split, _PAIRS) for one, other in (pair, pair[::-1])}
"""Name or word → the one that is taken for it."""

GIVEN_MODES = {"chmod", "fchmod", "touch", "mkdir", "makedirs", "open", "umask"}
"""Calls that say who may read a file."""

SHORTER = {
    "weeks": "days", "days": "hours", "hours": "minutes", "minutes": "seconds", "seconds": "minutes",
    "months": "weeks", "year": "month", "month": "day",
}  # fmt: skip
"""Unit of time → one that is taken for it."""

SECONDS = {86_400: 3_600, 3_600: 60, 365: 12, 366: 12, 24: 60, 60: 24}
"""A number of seconds, hours or days → that of another unit."""

EITHER_WAY = {
    "isinstance", "issubclass", "getattr", "setattr", "hasattr", "min", "max", "zip", "cast", "print", "Path", "Column",
    "product", "all_horizontal", "any_horizontal", "coalesce", "super", "range",
}  # fmt: skip
"""Calls whose two first arguments cannot be told apart, or are never mistaken for each other."""

UNMISTAKEN = {"lang", "options", "settings", "engine", "self", "ctx", "connection", "database"}
"""Arguments that stand in the place of another by no mistake that runs."""

UNTOLD = {"log", "logger", "logging", "warnings"}
"""What is said to them is no result."""

UNSEEN = {"close", "flush", "fsync", "dispose", "mkdir", "__init__", "collect", "freeze", "shutdown"}
"""Calls that tidy up, or whose lack stops everything."""

GROUPED = {"group_by", "over", "partition_by", "unique"}
BYTES = re.compile(r"digest|sha\d|hash|bytes|\bfiles\b|etag|body\b")
_DECIMALS = re.compile(r"\.(\d)(?=[f%e])")
_LAST_NUMBER = re.compile(r"(?<!\w)\d+(?!\w)(?!.*(?<!\w)\d)")
_SENTENCE = re.compile(r"[^\W\d_] \d+(?!\w)|(?<!\w)\d+ [^\W\d_]|(?<!\w)\d+ ?%")
_WORD = re.compile(r"[a-z][a-z0-9_]*$")

Change = tuple[str, ast.AST]
Groups = Mapping[str, str]


def instead(node: ast.AST, neighbours: Groups) -> Iterator[Change]:
    """What can stand in the place of a node; ``neighbours``: word → the next of its closed list."""
    if isinstance(node, ast.Compare):
        yield from _compare(node)
    elif isinstance(node, ast.BoolOp):
        yield "boundary", replaced(node, op=SWAPPED[type(node.op)][0]())
        for place in range(len(node.values)):
            left = [*node.values[:place], *node.values[place + 1 :]]
            yield "condition", left[0] if len(left) == 1 else replaced(node, values=left)
    elif isinstance(node, ast.BinOp | ast.AugAssign):
        for other in SWAPPED.get(type(node.op), ()):
            yield "computes", replaced(node, op=other())
        if isinstance(node, ast.AugAssign) and isinstance(node.target, ast.Attribute | ast.Subscript):
            yield "write", ast.Pass()
    elif isinstance(node, ast.Name | ast.Attribute) and isinstance(node.ctx, ast.Load):
        yield from _sides(node, neighbours)
    elif isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not | ast.USub):
        whole = node.operand
        if isinstance(whole, ast.BinOp) and isinstance(whole.op, ast.FloorDiv) and isinstance(whole.left, ast.UnaryOp):
            yield "limit", replaced(whole, left=whole.left.operand)
        yield "boundary" if isinstance(node.op, ast.Not) else "computes", node.operand
    elif isinstance(node, ast.Constant):
        yield from _literal(node, neighbours)
    elif isinstance(node, ast.Return) and node.value is not None and not isinstance(node.value, ast.Constant):
        yield "computes", replaced(node, value=ast.Constant(None))
    elif isinstance(node, ast.If | ast.IfExp):
        for always in (True, False):
            yield "condition", replaced(node, test=ast.Constant(always))
    elif isinstance(node, ast.ListComp | ast.SetComp | ast.GeneratorExp | ast.DictComp):
        for place, one in enumerate(node.generators):
            if one.ifs:
                without = [*node.generators[:place], replaced(one, ifs=[]), *node.generators[place + 1 :]]
                yield "condition", replaced(node, generators=without)
    elif isinstance(node, ast.Call):
        yield from _call(node)
    elif isinstance(node, ast.Subscript):
        yield from _place(node)
    elif isinstance(node, ast.Dict):
        yield from _dict(node)
    elif isinstance(node, ast.JoinedStr):
        yield from _text(node)
    elif isinstance(node, ast.Expr | ast.Assign | ast.Delete):
        yield from _statement(node)
    elif isinstance(node, ast.keyword | ast.Lambda):
        yield from _sorted_by(node)


def replaced(node: ast.AST, **fields: object) -> ast.AST:
    """A node with other fields."""
    after = copy.copy(node)
    for name, value in fields.items():
        setattr(after, name, value)
    return after


def neighbours(tree: ast.Module) -> dict[str, str]:
    """Word → the next one, for the words of every ``Literal`` of a module and every tuple of words that has a name."""
    found: dict[str, str] = {}
    for node in ast.walk(tree):
        words: Sequence[ast.AST] = ()
        if isinstance(node, ast.Subscript) and isinstance(node.value, ast.Name) and node.value.id == "Literal":
            words = node.slice.elts if isinstance(node.slice, ast.Tuple) else ()
        elif isinstance(node, ast.Assign | ast.AnnAssign) and isinstance(node.value, ast.Tuple | ast.Set):
            words = node.value.elts if node in tree.body else ()
        said = [one.value for one in words if isinstance(one, ast.Constant) and isinstance(one.value, str)]
        if len(said) > 1 and len(said) == len(words):
            for word, following in zip(said, [*said[1:], said[0]], strict=True):
                found.setdefault(word, following)
    found |= {f".{one}": TWINS[one] for one in _names(tree) if TWINS.get(one) in _names(tree)}
    return found


def _names(tree: ast.Module) -> set[str]:
    """The names and fields that a module reads."""
    return {getattr(one, "id", "") or getattr(one, "attr", "") for one in ast.walk(tree)}


def _sides(node: ast.Name | ast.Attribute, neighbours: Groups) -> Iterator[Change]:
    name = node.id if isinstance(node, ast.Name) else node.attr
    if twin := neighbours.get(f".{name}"):
        yield "sides", replaced(node, **{"id" if isinstance(node, ast.Name) else "attr": twin})
    if isinstance(node, ast.Attribute) and name in ("year", "month"):
        yield "unit", replaced(node, attr=SHORTER[name])


def _compare(node: ast.Compare) -> Iterator[Change]:
    for place, operator in enumerate(node.ops):
        for other in SWAPPED.get(type(operator), ()):
            kind = "limit" if other is EXACTLY.get(type(operator)) else "boundary"
            yield kind, replaced(node, ops=[*node.ops[:place], other(), *node.ops[place + 1 :]])
    (right, *more), (operator, *_) = node.comparators, node.ops
    if isinstance(operator, ast.In | ast.NotIn) and isinstance(right, ast.Tuple | ast.Set | ast.List):
        for place in range(len(right.elts) if len(right.elts) > 1 else 0):
            left = replaced(right, elts=[*right.elts[:place], *right.elts[place + 1 :]])
            yield "condition", replaced(node, comparators=[left, *more])
    told = isinstance(node.left, ast.Constant) or isinstance(right, ast.Constant)
    alone = isinstance(operator, ast.Eq | ast.NotEq) and not more and not told
    if alone and any(BYTES.search(ast.unparse(one)) for one in (node.left, right)):
        for same in ("set", "len"):
            yield "bytes", replaced(node, left=_called(same, node.left), comparators=[_called(same, right)])


def _called(name: str, *args: ast.expr) -> ast.Call:
    return ast.Call(ast.Name(name, ast.Load()), list(args), [])


def _literal(node: ast.Constant, following: Groups) -> Iterator[Change]:
    value = node.value
    if isinstance(value, bool):
        yield "condition", ast.Constant(not value)
    elif isinstance(value, int | float):
        yield "computes", ast.Constant(value + 1)
        if value in SECONDS:
            yield "unit", ast.Constant(SECONDS[int(value)])
    elif isinstance(value, str):
        if _SENTENCE.search(value):
            yield "words", ast.Constant(_LAST_NUMBER.sub(lambda found: str(int(found[0]) + 1), value))
        words = re.split(r"(\W+)", value)
        sides = [place for place, word in enumerate(words) if word in TWINS]
        if len(sides) == 1:
            words[sides[0]] = TWINS[words[sides[0]]]
            yield "sides", ast.Constant("".join(words))
        if _WORD.match(value) and value in following:
            yield "unit", ast.Constant(following[value])


def _call(node: ast.Call) -> Iterator[Change]:
    name = node.func.id if isinstance(node.func, ast.Name) else getattr(node.func, "attr", "")
    given = {one.arg: one for one in node.keywords}
    if name in OPPOSITE and not (name == "lower" and not node.args):
        changed = {"id": OPPOSITE[name]} if isinstance(node.func, ast.Name) else {"attr": OPPOSITE[name]}
        yield "order", replaced(node, func=replaced(node.func, **changed))
    if name in ("sorted", "sort") and not given.keys() & {"reverse", "descending"}:
        frame = name == "sort" and bool(node.args)
        turned = ast.keyword("descending" if frame else "reverse", ast.Constant(True))
        yield "order", replaced(node, keywords=[*node.keywords, turned])
    yield from _ends(node, name)
    if name in GIVEN_MODES:
        yield from _widened(node)
    if name == "reversed" and len(node.args) == 1:
        yield "order", _called("list", node.args[0])
    if name == "filter" and isinstance(node.func, ast.Attribute):
        yield "condition", node.func.value
    if name == "compare_digest":
        yield "bytes", ast.Constant(True)
    if name in ("read_bytes", "hexdigest") and isinstance(node.func, ast.Attribute) and not node.args:
        yield "bytes", ast.Constant(b"" if name == "read_bytes" else "")
    if len(node.args) > 1 and name not in EITHER_WAY and _alike(*node.args[:2]):
        yield "order", replaced(node, args=[node.args[1], node.args[0], *node.args[2:]])
    for place in range(len(node.keywords) - 1):
        one, other = node.keywords[place : place + 2]
        if one.arg and other.arg and _alike(one.value, other.value):
            turned_round = [replaced(one, value=other.value), replaced(other, value=one.value)]
            yield "order", replaced(node, keywords=[*node.keywords[:place], *turned_round, *node.keywords[place + 2 :]])
    if name == "timedelta":
        for place, part in enumerate(node.keywords):
            if part.arg in SHORTER:
                shorter = replaced(part, arg=SHORTER[part.arg])
                yield "unit", replaced(node, keywords=[*node.keywords[:place], shorter, *node.keywords[place + 1 :]])
    if name in GROUPED:
        if len(node.args) > 1:
            for place in range(len(node.args)):
                yield "key", replaced(node, args=[*node.args[:place], *node.args[place + 1 :]])
        elif node.args and isinstance(node.args[0], ast.List | ast.Tuple):
            for less in _less(node.args[0]):
                yield "key", replaced(node, args=[less])
    for place, part in enumerate(node.keywords):
        if part.arg in ("on", "subset", "by") and isinstance(part.value, ast.List | ast.Tuple):
            for less in _less(part.value):
                with_less = [*node.keywords[:place], replaced(part, value=less), *node.keywords[place + 1 :]]
                yield "key", replaced(node, keywords=with_less)


def _ends(node: ast.Call, name: str) -> Iterator[Change]:
    """The first found for the last, one more of a range."""
    if (
        name == "next"
        and node.args
        and isinstance(node.args[0], ast.GeneratorExp)
        and "count(" not in ast.unparse(node)
    ):
        every = ast.List([*node.args[1:], ast.Starred(node.args[0], ast.Load())], ast.Load())
        yield "order", ast.Subscript(every, ast.UnaryOp(ast.USub(), ast.Constant(1)), ast.Load())
    if name == "range" and isinstance(node.func, ast.Name):
        place = min(1, len(node.args) - 1)
        less = ast.BinOp(node.args[place], ast.Sub(), ast.Constant(1))
        yield "limit", replaced(node, args=[*node.args[:place], less, *node.args[place + 1 :]])


def _widened(node: ast.Call) -> Iterator[Change]:
    """The mode of a file by which all may read what only its owner did."""
    for part in (*node.args, *(one.value for one in node.keywords if one.arg == "mode")):
        if isinstance(part, ast.Constant) and part.value in (0o600, 0o700):
            wider = ast.Constant(part.value | (part.value & 0o500) >> 3 | (part.value & 0o500) >> 6)
            yield (
                "mode",
                replaced(
                    node,
                    args=[wider if one is part else one for one in node.args],
                    keywords=[replaced(one, value=wider) if one.value is part else one for one in node.keywords],
                ),
            )


def _alike(one: ast.AST, other: ast.AST) -> bool:
    """Whether two arguments could be given in the other order by mistake."""
    if type(one) is not type(other) or isinstance(one, ast.Constant | ast.Starred | ast.Lambda | ast.JoinedStr):
        return False
    named = {getattr(value, "id", getattr(value, "attr", "")) for value in (one, other)}
    return ast.dump(one) != ast.dump(other) and not named & UNMISTAKEN


def keys_of(function: ast.FunctionDef | ast.AsyncFunctionDef) -> Iterator[tuple[ast.AST, ast.AST]]:
    """A returned key, and the same without a part, of a function whose name says that it makes one."""
    for node in ast.walk(function) if "key" in function.name.split("_") else ():
        if isinstance(node, ast.Return) and isinstance(node.value, ast.Tuple):
            for less in _less(node.value):
                yield node, replaced(node, value=less)


def _less(node: ast.Tuple | ast.List) -> Iterator[ast.AST]:
    for place in range(len(node.elts) if len(node.elts) > 1 else 0):
        yield replaced(node, elts=[*node.elts[:place], *node.elts[place + 1 :]])


def _place(node: ast.Subscript) -> Iterator[Change]:
    at = node.slice
    if isinstance(at, ast.Tuple) and isinstance(node.value, ast.Name | ast.Attribute) and _holds_keys(node.value):
        for less in _less(at):
            yield "key", replaced(node, slice=less)
    if not isinstance(node.ctx, ast.Load):
        return
    if isinstance(at, ast.Constant) and at.value == 0 and type(at.value) is int:
        yield "order", replaced(node, slice=ast.UnaryOp(ast.USub(), ast.Constant(1)))
    elif ast.unparse(at) == "-1":
        yield "order", replaced(node, slice=ast.Constant(0))
    elif isinstance(at, ast.Slice) and at.step is None and (at.lower is None) != (at.upper is None):
        yield "condition", node.value
        if at.upper is not None and not ast.unparse(at.upper).startswith("-"):
            yield "limit", replaced(node, slice=replaced(at, upper=ast.BinOp(at.upper, ast.Add(), ast.Constant(1))))
    elif isinstance(at, ast.Slice) and at.step is not None and ast.unparse(at.step) == "-1":
        yield "order", node.value


def _dict(node: ast.Dict) -> Iterator[Change]:
    values = node.values
    for place in range(len(values) - 1):
        one, other = values[place : place + 2]
        plain = isinstance(one, ast.Constant) and isinstance(other, ast.Constant)
        named = node.keys[place] and node.keys[place + 1] and ast.dump(one) != ast.dump(other)
        if named and (plain or _alike(one, other)):
            swapped = [*values[:place], other, one, *values[place + 2 :]]
            yield "unit" if plain else "order", replaced(node, values=swapped)


def _text(node: ast.JoinedStr) -> Iterator[Change]:
    for place, part in enumerate(node.values):
        after: ast.AST | None = None
        if isinstance(part, ast.Constant) and _SENTENCE.search(str(part.value)):
            after = ast.Constant(_LAST_NUMBER.sub(lambda found: str(int(found[0]) + 1), str(part.value)))
        elif isinstance(part, ast.FormattedValue) and isinstance(part.format_spec, ast.JoinedStr):
            spec = ast.unparse(part.format_spec)[2:-1]
            if _DECIMALS.search(spec) and "{" not in spec:
                wider = _DECIMALS.sub(lambda found: f".{int(found[1]) + 1}", spec)
                after = replaced(part, format_spec=ast.JoinedStr([ast.Constant(wider)]))
        if after is not None:
            yield "words", replaced(node, values=[*node.values[:place], after, *node.values[place + 1 :]])
    shown = [place for place, part in enumerate(node.values) if isinstance(part, ast.FormattedValue)]
    for one, other in pairwise(shown):
        values = list(node.values)
        values[one], values[other] = values[other], values[one]
        yield "order", replaced(node, values=values)


def _statement(node: ast.Expr | ast.Assign | ast.Delete) -> Iterator[Change]:
    if isinstance(node, ast.Expr):
        call = node.value.value if isinstance(node.value, ast.Await) else node.value
        if isinstance(call, ast.Call):
            said_to = call.func
            while isinstance(said_to, ast.Attribute):
                said_to = said_to.value
            if getattr(said_to, "id", "") not in UNTOLD and getattr(call.func, "attr", "") not in UNSEEN:
                yield "write", ast.Pass()
    elif isinstance(node, ast.Delete):
        yield "write", ast.Pass()
    else:
        (target, *_) = node.targets
        if isinstance(target, ast.Attribute | ast.Subscript):
            yield "write", ast.Pass()
        if isinstance(target, ast.Name) and "key" in target.id.lower() and isinstance(node.value, ast.Tuple):
            for less in _less(node.value):
                yield "key", replaced(node, value=less)


def _holds_keys(node: ast.Name | ast.Attribute) -> bool:
    """Whether a name is of a store of answers."""
    name = node.id if isinstance(node, ast.Name) else node.attr
    return any(part in name.lower() for part in ("cache", "kept", "known", "seen", "made"))


def _sorted_by(node: ast.keyword | ast.Lambda) -> Iterator[Change]:
    """A tuple by which something is sorted or found: a part of it left out; the order turned round."""
    if isinstance(node, ast.keyword) and node.arg in ("reverse", "descending"):
        value = node.value.value if isinstance(node.value, ast.Constant) else None
        if isinstance(value, bool):
            yield "order", replaced(node, value=ast.Constant(not value))
    if isinstance(node, ast.Lambda) and isinstance(node.body, ast.Tuple):
        for less in _less(node.body):
            yield "key", replaced(node, body=less)
