"""Text that generated repositories are made of."""

from __future__ import annotations

HEADER = '''"""Module {number} of the {package} package."""

from __future__ import annotations

{imports}
'''
IMPORTS = (
    ("hashlib.", "import hashlib"),
    ("json.", "import json"),
    ("os.", "import os"),
    ("subprocess.", "import subprocess"),
    ("Iterable[", "from collections.abc import Iterable"),
    ("Path", "from pathlib import Path"),
)
# {n} makes names differ, {a} to {c} are numbers. Every piece is as a person might write it; those
# below PROBLEMS give the scanners something to find.
PIECES = (
    '''
def total_{n}(values: Iterable[int], limit: int = {a}) -> int:
    """Add up what does not exceed the limit."""
    result = 0
    for position, value in enumerate(values):
        if value > limit or position == {b}:
            continue
        result += value * {c}
    return result
''',
    '''
def parse_{n}(text: str) -> dict[str, str]:
    """Settings from lines such as `name = value`."""
    found: dict[str, str] = {{}}
    for line in text.splitlines():
        name, separator, value = line.partition("=")
        if not separator or name.startswith("#"):
            continue
        found[name.strip().lower()] = value.strip()[:{a}]
    if len(found) > {b}:
        raise ValueError(f"too many settings: {{len(found)}}")
    return found
''',
    '''
class Store{n}:
    """Keeps records in a folder, one file each."""

    limit = {a}

    def __init__(self, folder: Path, prefix: str = "r{b}") -> None:
        self.folder = folder
        self.prefix = prefix

    def path_of(self, key: str) -> Path:
        """Where the record of a key is."""
        return self.folder / f"{{self.prefix}}-{{key}}.json"

    def load(self, key: str) -> dict[str, object]:
        """The record, or an empty one."""
        path = self.path_of(key)
        if not path.exists():
            return {{}}
        with path.open(encoding="utf-8") as file:
            record = json.load(file)
        return {{name: record[name] for name in sorted(record)[: self.limit]}}

    def save(self, key: str, **values: object) -> None:
        """Merge values into the record."""
        record = {{**self.load(key), **values}}
        self.path_of(key).write_text(json.dumps(record, indent={c}), encoding="utf-8")
''',
    '''
def group_{n}(records: Iterable[dict[str, int]]) -> dict[int, list[dict[str, int]]]:
    """Records by their size, largest groups first."""
    groups: dict[int, list[dict[str, int]]] = {{}}
    for record in records:
        groups.setdefault(record.get("size", {a}) % {b}, []).append(record)
    return dict(sorted(groups.items(), key=lambda item: (-len(item[1]), item[0])))
''',
)
PROBLEMS = (
    """
def run_{n}(name: str) -> int:
    return subprocess.call(f"tool --number {a} {{name}}", shell=True)
""",
    """
def sum_{n}(content: bytes) -> str:
    return hashlib.md5(content + b"{a}").hexdigest()
""",
    """
def quiet_{n}(path):
    try:
        return os.stat(path).st_size  +  {a}
    except Exception:
        pass
""",
    """
def check_{n}(value):
    assert value != {a}, 'value'
    unused = value
    return {{ 'value':value, 'limit' : {b} }}
""",
    """
def start_{n}() -> None:
    command = os.environ.get("COMMAND_{n}", "true")
    os.system(command)
""",
    """
def fingerprint_{n}(text: str) -> str:
    return hashlib.sha1(text.encode()).hexdigest()  # nosec B324 - not for security
""",
    """
from tempfile import mktemp as temporary_{n}  # noqa: E402 - shows an inline ignore
""",
)
WORKFLOW = """\
name: {name}
on: [push, pull_request]
jobs:
  test:
    runs-on: ubuntu-latest
    steps:
      - uses: actions/checkout@v4
      - run: echo "${{{{ github.event.head_commit.message }}}}"
      - run: python -m pytest
"""
