"""Cases without a flow: one spelling in some surroundings."""

from __future__ import annotations

import random

from tests.corpus.deck import Decks
from tests.corpus.layout import assembled, embedded, nested
from tests.corpus.model import Case, Common, Piece, PlainClass, Spelling
from tests.corpus.names import Names, Scope, words_of


class PlainCases:
    """Draws cases of one class."""

    def __init__(
        self, weakness: PlainClass, common: Common, decks: Decks, rng: random.Random
    ) -> None:
        self._class = weakness
        self._common = common
        self._decks = decks
        self._rng = rng

    def draw(self, vulnerable: bool) -> Case | None:
        """One case, None when what was drawn does not fit together."""
        own = self._class.wrong if vulnerable else self._class.right
        options = (*own, *self._class.either)
        spelling = self._decks.draw(f"spelling {vulnerable}", options)
        if spelling is None:
            return None
        holder = self._holder(spelling)
        literal, indirection = self._literal(spelling, vulnerable)
        if holder is None:
            return None
        text, name = self._written(spelling, holder, literal, indirection)
        parts = {
            "spelling": spelling.id,
            "holder": holder.id,
            "literal": literal[0],
            "indirection": indirection.id if indirection else "",
        }
        inside = "" if "module" in holder.tags else name
        return Case("", self._class.id, vulnerable, text, parts, inside, spelling.file)

    def _holder(self, spelling: Spelling) -> Piece | None:
        def fits(holder: Piece) -> bool:
            module = "module" in holder.tags
            if spelling.level == "any":
                return not (module and spelling.args)
            return module == (spelling.level == "module")

        return self._decks.draw("holder", self._common.holders, fits)

    def _literal(
        self, spelling: Spelling, vulnerable: bool
    ) -> tuple[tuple[str, str], Piece | None]:
        """The literal that decides and its opposite, and by which way it gets into place."""
        if "ZLIT" not in spelling.code + spelling.top:
            return ("", ""), None
        mine, other = (spelling.bad, spelling.good) if vulnerable else (spelling.good, spelling.bad)
        chosen = self._rng.choice(mine)
        opposite = self._rng.choice(other) if other else chosen
        if self._class.id == "hardcoded-credentials" and not vulnerable:
            opposite = chosen  # a secret that is not used is in the source all the same
        options = self._common.indirections
        return (chosen, opposite), self._decks.draw(
            "indirection", options, lambda one: spelling.level != "module" or "module" in one.tags
        )

    def _written(
        self,
        spelling: Spelling,
        holder: Piece,
        literal: tuple[str, str],
        indirection: Piece | None,
    ) -> tuple[str, str]:
        rng = self._rng
        names = Names(rng, self._common.names)
        pieces: list[Piece] = [spelling, holder, *([indirection] if indirection else [])]
        for piece in pieces:
            names.taken |= words_of(" ".join((*piece.imports, piece.code, piece.top)))
        names.taken |= set(spelling.args)
        scope = Scope(names, {})
        codes: list[str] = []
        tops = [holder.top]
        if indirection:
            way = Scope(names, {"ZSAFE1": literal[0], "ZSAFE2": literal[1]})
            way.known["ZOUT"] = names.fresh(
                "constant" if "module" in indirection.tags else "variable"
            )
            codes.append(way.fill(indirection.code))
            tops.append(way.fill(indirection.top))
            expression = way.known["ZOUT"]
            if "direct" in indirection.tags:
                expression = literal[0]
            scope.known["ZLIT"] = expression
        codes.append(scope.fill(spelling.code))
        result = scope.fill(spelling.result)
        if result and "module" not in holder.tags:
            codes.append(f"return {result}")
        tops.append(scope.fill(spelling.top))
        name = rng.choice(spelling.names) if spelling.names else names.fresh("handler")
        frame = Scope(names, {"ZFN": name})
        shown = frame.fill(holder.code)
        arguments = ", ".join(spelling.args)
        shown = shown.replace(", ZARGS", f", {arguments}" if arguments else "")
        shown = shown.replace("ZARGS", arguments)
        body = embedded(shown, "ZBODY", nested(codes))
        filler = rng.sample(self._common.fillers, rng.choice((0, 0, 1, 2)))
        imports = [*holder.imports, *(scope.fill(line) for line in spelling.imports)]
        imports += [line for one in filler for line in one.imports]
        doc = rng.choice(self._common.names["doc"]) if rng.random() < 0.3 else ""
        text = assembled(
            rng, imports, tops, body, [Scope(names, {}).fill(one.top) for one in filler], doc
        )
        compile(text, spelling.id, "exec")
        return text, name
