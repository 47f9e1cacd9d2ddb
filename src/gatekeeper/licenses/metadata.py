"""The licence of a Python package, from its metadata: PEP 639's field, or what was there before."""

from __future__ import annotations

from collections.abc import Sequence
from email.parser import HeaderParser

from msgspec import Struct

from gatekeeper.licenses.expression import ExpressionError, canonical

# What people have written for decades, in lower case. No version, no entry: nobody can tell.
_SPELLINGS = {
    "apache 2": "Apache-2.0",
    "apache 2.0": "Apache-2.0",
    "apache license 2.0": "Apache-2.0",
    "apache license, version 2.0": "Apache-2.0",
    "apache license version 2.0": "Apache-2.0",
    "apache software license 2.0": "Apache-2.0",
    "apache-2": "Apache-2.0",
    "bsd 2-clause": "BSD-2-Clause",
    "bsd 3-clause": "BSD-3-Clause",
    "2-clause bsd license": "BSD-2-Clause",
    "3-clause bsd license": "BSD-3-Clause",
    "simplified bsd": "BSD-2-Clause",
    "new bsd": "BSD-3-Clause",
    "new bsd license": "BSD-3-Clause",
    "modified bsd license": "BSD-3-Clause",
    "gplv2": "GPL-2.0-only",
    "gplv2+": "GPL-2.0-or-later",
    "gplv3": "GPL-3.0-only",
    "gplv3+": "GPL-3.0-or-later",
    "lgplv2.1": "LGPL-2.1-only",
    "lgplv2.1+": "LGPL-2.1-or-later",
    "lgplv3": "LGPL-3.0-only",
    "lgplv3+": "LGPL-3.0-or-later",
    "agplv3": "AGPL-3.0-only",
    "agplv3+": "AGPL-3.0-or-later",
    "isc license": "ISC",
    "isc license (iscl)": "ISC",
    "mit license": "MIT",
    "the mit license": "MIT",
    "the mit license (mit)": "MIT",
    "mit/x11": "MIT",
    "mozilla public license 2.0": "MPL-2.0",
    "mozilla public license 2.0 (mpl 2.0)": "MPL-2.0",
    "mpl 2.0": "MPL-2.0",
    "psf": "PSF-2.0",
    "psfl": "PSF-2.0",
    "python software foundation license": "PSF-2.0",
    "public domain": "LicenseRef-Public-Domain",
    "the unlicense": "Unlicense",
    "the unlicense (unlicense)": "Unlicense",
    "zlib license": "Zlib",
}
_CLASSIFIERS = {
    "Apache Software License": "Apache-2.0",
    "Boost Software License 1.0 (BSL-1.0)": "BSL-1.0",
    "CC0 1.0 Universal (CC0 1.0) Public Domain Dedication": "CC0-1.0",
    "Eclipse Public License 2.0 (EPL-2.0)": "EPL-2.0",
    "European Union Public Licence 1.2 (EUPL 1.2)": "EUPL-1.2",
    "GNU Affero General Public License v3": "AGPL-3.0-only",
    "GNU Affero General Public License v3 or later (AGPLv3+)": "AGPL-3.0-or-later",
    "GNU General Public License v2 (GPLv2)": "GPL-2.0-only",
    "GNU General Public License v2 or later (GPLv2+)": "GPL-2.0-or-later",
    "GNU General Public License v3 (GPLv3)": "GPL-3.0-only",
    "GNU General Public License v3 or later (GPLv3+)": "GPL-3.0-or-later",
    "GNU Lesser General Public License v2 or later (LGPLv2+)": "LGPL-2.0-or-later",
    "GNU Lesser General Public License v3 (LGPLv3)": "LGPL-3.0-only",
    "GNU Lesser General Public License v3 or later (LGPLv3+)": "LGPL-3.0-or-later",
    "ISC License (ISCL)": "ISC",
    "MIT License": "MIT",
    "MIT No Attribution License (MIT-0)": "MIT-0",
    "Mozilla Public License 1.1 (MPL 1.1)": "MPL-1.1",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
    "Python Software Foundation License": "PSF-2.0",
    "The Unlicense (Unlicense)": "Unlicense",
    "Universal Permissive License (UPL)": "UPL-1.0",
    "zlib/libpng License": "Zlib",
}
_PREFIX = "License :: "
_ONE_LINE = 100


class Declared(Struct, frozen=True):
    """`expression` in SPDX's terms, empty when nobody can tell; `said` is what stands there."""

    expression: str = ""
    said: str = ""


def declared(text: str) -> Declared:
    """What a METADATA (or PKG-INFO) file declares."""
    head = HeaderParser().parsestr(text.partition("\n\n")[0])
    classifiers = [str(it) for it in head.get_all("Classifier", [])]
    return of_fields(
        str(head.get("License-Expression", "")), str(head.get("License", "")), classifiers
    )


def of_fields(expression: str, license_text: str, classifiers: Sequence[str]) -> Declared:
    """PEP 639's expression first, then the free text, then classifiers.

    Several classifiers of licences may mean a choice or not: then nobody can tell.
    """
    if expression.strip():
        try:
            return Declared(canonical(expression), expression)
        except ExpressionError:
            return Declared("", expression.strip()[:_ONE_LINE])
    line = license_text.strip()
    if line and "\n" not in line and len(line) <= _ONE_LINE and (found := spelled(line)):
        return Declared(found, line)
    named = [
        it[len(_PREFIX) :].rpartition(" :: ")[2] for it in classifiers if it.startswith(_PREFIX)
    ]
    named = [it for it in named if it != "OSI Approved"]
    if len(named) == 1 and named[0] in _CLASSIFIERS:
        return Declared(_CLASSIFIERS[named[0]], named[0])
    return Declared("", (line.partition("\n")[0] or ", ".join(named))[:_ONE_LINE])


def spelled(text: str) -> str:
    """A usual spelling, or an expression, in SPDX's terms; empty when it is neither."""
    if found := _SPELLINGS.get(" ".join(text.lower().split())):
        return found
    try:
        return canonical(text)
    except ExpressionError:
        return ""
