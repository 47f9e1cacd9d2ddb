"""Random programs that run, and random edits of them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from random import Random

# Every statement with a `{}` for each number of its own; `BODY` stands for statements below it.
SIMPLE = (
    "x = {}",
    "x = max(\n    {},\n    {},\n)",
    "x = {} + \\\n    {}",
    "y = [\n    it + {}\n    # not code\n    for it in range(3)\n\n    if it != {}\n]",
    'z = """{}\n\n  {}\n"""',
    "z = f'{{x}}{}'",
    "w = (lambda a:\n     a + {})",
    "(\n    print\n)({},\n  end='')",
    "assert (\n    x != -{}\n)",
    "# only a comment {}",
    "d = {{\n    'a': {},\n    'b': [\n        {},\n    ],\n}}",
    "del x; x = {}",
    "def g(): return {}",
    "x = {}  # pragma: no cover",
)
COMPOUND = (
    "if x % {} == 0:\nBODY",
    "if (x > {} and\n        x > {}):\nBODY\nelse:\nBODY",
    "for i in range({} % 3):\nBODY",
    "while x > {}:\nBODY\n    break",
    "try:\nBODY\nexcept ValueError:\nBODY\nfinally:\nBODY",
    "def f(a={},\n      b={}):\n    x = a\nBODY\n    return b",
    "@(lambda it: it)\n@(\n    lambda it: it if {} else it\n)\ndef h(x={}):\n    '''Text {}.\n\n    more {}\n    '''\nBODY\nh()",
    "class C:\n    '''Text {}.'''\n    x = {}\nBODY",
    "match x:\n    case [\n        {},\n    ]:\n        y = 1\n    case _ if (x ==\n            {}):\n        y = 2\nBODY2",
    "with (\n    open(__file__) as a,\n    open(__file__) as b{},\n):\nBODY",
    "async def c(n={}):\nBODY",
    "if x == {}:  # pragma: no cover\nBODY",
)  # fmt: skip


@dataclass(frozen=True)
class Statement:
    """A template, the numbers in it, and the statements in its bodies."""

    template: str
    numbers: tuple[int, ...]
    bodies: tuple[tuple[Statement, ...], ...] = ()


@dataclass
class Author:
    """Writes and edits; every number is used once, so that no two lines with one are alike."""

    random: Random
    used: int = field(default=1000)

    def number(self) -> int:
        self.used += self.random.randint(1, 3)
        return self.used

    def statement(self, depth: int = 0) -> Statement:
        compound = depth < 3 and self.random.random() < 0.4
        template = self.random.choice(COMPOUND if compound else SIMPLE)
        numbers = tuple(self.number() for _ in range(template.count("{}")))
        bodies = tuple(self.body(depth + 1) for _ in range(template.count("BODY")))
        return Statement(template, numbers, bodies)

    def body(self, depth: int) -> tuple[Statement, ...]:
        first = Statement("y = {}", (self.number(),))
        return (first, *(self.statement(depth) for _ in range(self.random.randint(0, 2))))

    def program(self) -> tuple[Statement, ...]:
        first = Statement("x = {}", (self.number(),))
        return (first, *(self.statement() for _ in range(self.random.randint(1, 6))))

    def edited(self, block: tuple[Statement, ...], depth: int = 0) -> tuple[Statement, ...]:
        """The block with statements changed, added and deleted; the first one always stays."""
        found: list[Statement] = []
        for index, old in enumerate(block):
            statement = old
            action = self.random.random()
            if index and action < 0.08:
                continue
            if action < 0.3 and statement.numbers:
                at = self.random.randrange(len(statement.numbers))
                numbers = list(statement.numbers)
                numbers[at] = self.number()
                statement = replace(statement, numbers=tuple(numbers))
            bodies = tuple(self.edited(body, depth + 1) for body in statement.bodies)
            found.append(replace(statement, bodies=bodies))
            if action > 0.9:
                found.append(self.statement(depth + 1))
        return tuple(found)


def source(block: tuple[Statement, ...], indent: str = "") -> str:
    """The program as text."""
    lines: list[str] = []
    for statement in block:
        bodies = iter(statement.bodies)
        text = statement.template.format(*statement.numbers)
        for line in text.split("\n"):
            if line == "BODY":
                lines.append(source(next(bodies), f"{indent}    ").removesuffix("\n"))
            elif line == "BODY2":
                lines.append(source(next(bodies), indent).removesuffix("\n"))
            else:
                lines.append(f"{indent}{line}" if line else "")
    return "\n".join(lines) + "\n"
