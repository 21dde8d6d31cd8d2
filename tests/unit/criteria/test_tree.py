"""What a tree tells of its leaves."""

from service.criteria.tree import Told, leaves, mapped_as_told
from service.schemas.expression import AllOf, ConditionIs, Expression, If, Not, Unparsed


def test_every_leaf_is_told_as_it_is_said() -> None:
    stated, denied, twice, case, else_denied = (ConditionIs(name=name) for name in "abcde")
    tree = AllOf(
        of=(
            stated,
            Not(of=denied),
            Not(of=Not(of=twice)),
            If(when=Not(of=case), then=stated, otherwise=Not(of=else_denied)),
        )
    )
    told: dict[Expression, Told] = {}

    def change(leaf: Expression, how: Told) -> Expression:
        told[leaf] = how
        return Unparsed(text="read")

    changed = mapped_as_told(tree, change)
    assert told == {
        stated: Told.STATED,
        denied: Told.DENIED,
        twice: Told.STATED,
        case: Told.SUPPOSED,
        else_denied: Told.DENIED,
    }
    assert {type(leaf) for leaf in leaves(changed)} == {Unparsed}
