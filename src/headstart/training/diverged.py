"""What a tuning may die of by itself."""


class Diverged(ArithmeticError):
    """A loss or a feature is no longer a number."""
