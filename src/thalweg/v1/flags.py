"""`tf.flags` of TensorFlow 1: a program's options, defined where they are used and read from the command line."""
from __future__ import annotations

import sys
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import Any


class Error(Exception):
    """The base of what goes wrong with flags."""


class DuplicateFlagError(Error):
    """A flag is defined twice."""


class IllegalFlagValueError(Error):
    """A value that the flag cannot have."""


class UnrecognizedFlagError(Error):
    """No such flag."""


class UnparsedFlagAccessError(Error):
    """A flag is read before the command line."""


class _Flag:
    def __init__(self, name: str, default: Any, help: str | None, convert: Callable[[Any], Any], boolean: bool = False,
                 multiple: bool = False) -> None:
        self.name, self.help, self.boolean, self.multiple = name, help, boolean, multiple
        self._convert = convert
        self.default: Any = None if default is None else self._given(default)
        self.value: Any = self.default
        self.present = False

    def _given(self, value: Any) -> Any:
        if self.multiple:
            return [self._convert(v) for v in (value if isinstance(value, (list, tuple)) else [value])]
        return self._convert(value)

    def parse(self, text: str) -> None:
        try:
            value: Any = self._given(text)
        except (TypeError, ValueError) as error:
            raise IllegalFlagValueError(f"flag --{self.name}={text}: {error}") from None
        self.value = [*self.value, *value] if self.multiple and self.present else value
        self.present = True


class FlagValues:
    """The flags of a program, as attributes. Reading the first one reads the command line, if nobody did before."""

    def __init__(self) -> None:
        self.__dict__["_flags"] = {}
        self.__dict__["_parsed"] = False

    def _define(self, flag: _Flag) -> None:
        if flag.name in self._flags:
            raise DuplicateFlagError(f"The flag '{flag.name}' is defined twice.")
        self._flags[flag.name] = flag

    def __getattr__(self, name: str) -> Any:
        if name.startswith("__") or name not in self._flags:
            raise AttributeError(name)
        if not self._parsed:
            self(sys.argv, known_only=True)
        return self._flags[name].value

    def __setattr__(self, name: str, value: Any) -> None:
        if name not in self._flags:
            raise AttributeError(name)
        self._flags[name].value = value
        self._flags[name].present = True

    def __delattr__(self, name: str) -> None:
        if self._flags.pop(name, None) is None:
            raise AttributeError(name)

    def __getitem__(self, name: str) -> _Flag:
        found: _Flag = self._flags[name]
        return found

    def __contains__(self, name: str) -> bool:
        return name in self._flags

    def __iter__(self) -> Iterator[str]:
        return iter(self._flags)

    def __dir__(self) -> list[str]:
        return sorted(self._flags)

    def __call__(self, argv: Sequence[str], known_only: bool = False) -> list[str]:
        """Reads the command line and returns what is not a flag, the program's name first.

        Raises:
          UnrecognizedFlagError: a flag that is not defined, unless `known_only`, which leaves it among the rest.
          IllegalFlagValueError: a value that a flag cannot have, or none at all.
        """
        self.__dict__["_parsed"] = True
        rest, pending = [argv[0]] if argv else [], list(argv[1:])
        while pending:
            argument = pending.pop(0)
            if argument == "--":
                return rest + pending
            name, given, text = argument.lstrip("-").partition("=")
            negated = name.startswith("no") and name[2:] in self._flags and self._flags[name[2:]].boolean
            flag = self._flags.get(name[2:] if negated else name) if argument.startswith("-") else None
            if flag is None:
                if argument.startswith("-") and argument != "-" and not known_only:
                    raise UnrecognizedFlagError(f"Unknown command line flag '{name}'")
                rest.append(argument)
            elif flag.boolean:
                flag.parse("false" if negated else text if given else "true")
            elif given or pending:
                flag.parse(text if given else pending.pop(0))
            else:
                raise IllegalFlagValueError(f"Missing value for flag --{name}")
        return rest

    def flag_values_dict(self) -> dict[str, Any]:
        """The values by name."""
        return {name: flag.value for name, flag in self._flags.items()}

    def is_parsed(self) -> bool:
        """Whether the command line was read."""
        return bool(self._parsed)

    def mark_as_parsed(self) -> None:
        """Takes the values as they are for those of the command line."""
        self.__dict__["_parsed"] = True

    def unparse_flags(self) -> None:
        """The command line is read again at the next access."""
        self.__dict__["_parsed"] = False


FLAGS = FlagValues()


def _truth(value: Any) -> bool:
    if isinstance(value, bool) or value in (0, 1):
        return bool(value)
    if isinstance(value, str) and value.lower() in ("true", "t", "1", "false", "f", "0"):
        return value.lower() in ("true", "t", "1")
    raise ValueError(f"Non-boolean argument to boolean flag: {value!r}")


def _words(value: Any) -> list[str]:
    return list(value) if isinstance(value, (list, tuple)) else [word.strip() for word in value.split(",")] if value else []


def _define(kind: str, convert: Callable[[Any], Any], boolean: bool = False, multiple: bool = False) -> Callable[..., None]:
    def define(name: str, default: Any, help: str | None, flag_values: FlagValues = FLAGS, **settings: Any) -> None:
        flag_values._define(_Flag(name, default, help, convert, boolean, multiple))
    define.__name__ = define.__qualname__ = f"DEFINE_{kind}"
    define.__doc__ = f"Defines a flag: its name, its default, and what it is for. Its values: {kind}."
    return define


DEFINE_string = _define("string", str)
DEFINE_integer = _define("integer", lambda value: int(value, 0) if isinstance(value, str) else int(value))
DEFINE_float = _define("float", float)
DEFINE_bool = DEFINE_boolean = _define("boolean", _truth, boolean=True)
DEFINE_list = _define("list", _words)
DEFINE_multi_string = _define("multi_string", str, multiple=True)
DEFINE_multi_integer = _define("multi_integer", int, multiple=True)
DEFINE_multi_float = _define("multi_float", float, multiple=True)


def DEFINE_enum(name: str, default: Any, enum_values: Iterable[str], help: str | None, flag_values: FlagValues = FLAGS,
                **settings: Any) -> None:
    """Defines a flag that has one of some values."""
    allowed = list(enum_values)

    def one_of(value: Any) -> str:
        if value not in allowed:
            raise ValueError(f"value should be one of <{'|'.join(allowed)}>")
        return str(value)
    flag_values._define(_Flag(name, default, help, one_of))


def mark_flag_as_required(flag_name: str, flag_values: FlagValues = FLAGS) -> None:
    """Has `tf.app.run` stop where a flag has no value."""
    _required.append((flag_values, flag_name))


def mark_flags_as_required(flag_names: Iterable[str], flag_values: FlagValues = FLAGS) -> None:
    """`mark_flag_as_required` for several flags."""
    for name in flag_names:
        mark_flag_as_required(name, flag_values)


_required: list[tuple[FlagValues, str]] = []


def check_required(flag_values: FlagValues) -> None:
    """Raises `IllegalFlagValueError` where a flag that must have a value has none."""
    for values, name in _required:
        if values is flag_values and values[name].value is None:
            raise IllegalFlagValueError(f"flag --{name}=None: Flag --{name} must have a value other than None.")
