# SPDX-License-Identifier: MIT
# Copyright (c) 2026 The bitcoinleveldb-arena authors
"""Makes the mutants of a C++ source of this project, for scripts/mutate.

It reads tokens, not a grammar, and leans on the format that is checked in: a
binary operator has a space on either side, a template's bracket has none. What
it takes for a statement and is none gives a mutant that does not compile.
"""

import re

TOKEN = re.compile(r"""
    (?P<skip>//[^\n]*|/\*.*?\*/|^[ \t]*\#(?:[^\n]*\\\n)*[^\n]*|\[\[.*?\]\])
  | (?P<text>"(?:\\.|[^"\\])*"|'(?:\\.|[^'\\])*')
  | (?P<number>\b\d[\w']*)
  | (?P<word>[A-Za-z_]\w*)
  | (?P<operator><<=|>>=|->|::|\+\+|--|&&|\|\||[-+*/%&|^=!<>]=|<<|>>
               |[-+*/%&|^=!<>~?:.,;(){}\[\]])
""", re.VERBOSE | re.DOTALL | re.MULTILINE)

BINARY = {
    "<": ["<="], "<=": ["<"], ">": [">="], ">=": [">"],
    "==": ["!="], "!=": ["=="],
    "+": ["-"], "-": ["+"], "*": ["/"], "/": ["*"], "%": ["/"],
    "<<": [">>"], ">>": ["<<"], "&": ["|"], "|": ["&"],
    "&&": ["||"], "||": ["&&"],
    "+=": ["-="], "-=": ["+="], "|=": ["&="], "&=": ["|="],
}
COMPARISONS = {"<", "<=", ">", ">=", "==", "!="}
STEPS = {"++": "--", "--": "++"}
WORDS = {"true": "false", "false": "true", "SIZE_MAX": "(SIZE_MAX / 2)",
         "PTRDIFF_MAX": "(PTRDIFF_MAX / 2)"}

# Statements that are none of the core's work: checks of the compiler, and the
# probes, which have tests of their own that read them out of the binary.
NOT_MUTATED = {"static_assert", "BITCOINLEVELDB_PROBE", "using", "template",
               "friend"}
SCOPES = {"namespace", "class", "struct", "enum", "union"}
NOT_DELETED = {"return", "else", "case", "default", "public", "private",
               "protected", "const", "auto", "constexpr", "static", "using"}


class Token:
    def __init__(self, match, source):
        self.kind, self.text = match.lastgroup, match.group()
        self.start, self.end = match.start(), match.end()
        before = source[self.start - 1:self.start]
        after = source[self.end:self.end + 1]
        self.spaced = before.isspace() and after.isspace()


def tokens_of(source):
    found = [Token(m, source) for m in TOKEN.finditer(source)]
    return [t for t in found if t.kind != "skip"]


def match_closing(tokens):
    """Returns {index of an opening bracket: index of its closing one}."""
    closing, open_at = {}, []
    for i, token in enumerate(tokens):
        if token.text in ("(", "{", "["):
            open_at.append(i)
        elif token.text in (")", "}", "]") and token.kind == "operator":
            closing[open_at.pop()] = i
    return closing


def is_body(tokens, i):
    """Returns whether the brace at `i` begins a list of statements."""
    before = tokens[i - 1].text
    if before in (")", "else", "do", "try", "noexcept", "const", "override"):
        return True
    if before in ("{", "}", ";"):
        return True
    head = i - 1
    while head >= 0 and tokens[head].text not in (";", "{", "}"):
        head -= 1
    words = [t.text for t in tokens[head + 1:i]]
    if SCOPES & set(words):
        return False
    # A result type behind an arrow, or what a constructor sets before.
    return "->" in words and "=" not in words


class Reader:
    def __init__(self, name, source):
        self.name, self.source = name, source
        self.tokens = tokens_of(source)
        self.closing = match_closing(self.tokens)
        self.left_out = self.find_left_out()
        self.changes = []  # (start, end, replacement, what)

    def end_of_statement(self, i):
        """Returns the index of the last token of the statement at `i`."""
        text = self.tokens[i].text
        if text == "{":
            return self.closing[i]
        if text in ("if", "while", "for"):
            j = i + 1
            while self.tokens[j].text != "(":
                j += 1
            end = self.end_of_statement(self.closing[j] + 1)
            if (text == "if" and end + 1 < len(self.tokens)
                    and self.tokens[end + 1].text == "else"):
                end = self.end_of_statement(end + 2)
            return end
        j = i
        while j < len(self.tokens) and self.tokens[j].text != ";":
            j = self.closing.get(j, j) + 1
        return j

    def find_left_out(self):
        out = set()
        for i, token in enumerate(self.tokens):
            if token.text in ("static_assert", "BITCOINLEVELDB_PROBE"):
                out.update(range(i, self.end_of_statement(i) + 1))
        return out

    def change(self, token, replacement):
        self.changes.append((token.start, token.end, replacement,
                             f"{token.text} => {replacement}"))

    def operators(self):
        for i, token in enumerate(self.tokens):
            if i in self.left_out or self.tokens[i - 1].text == "operator":
                continue
            if token.kind == "operator" and token.spaced:
                for other in BINARY.get(token.text, []):
                    self.change(token, other)
            if token.text in STEPS:
                self.change(token, STEPS[token.text])
            if token.text in ("!", "~") and token.kind == "operator":
                is_destructor = token.text == "~" and (
                    self.tokens[i + 1].text[0].isupper())
                if not is_destructor:
                    self.change(token, "")

    def constants(self):
        for i, token in enumerate(self.tokens):
            if i in self.left_out:
                continue
            if token.kind == "word" and token.text in WORDS:
                self.change(token, WORDS[token.text])
            if token.kind == "number":
                digits = re.match(r"\d+", token.text).group()
                suffix = token.text[len(digits):]
                value = int(digits)
                self.change(token, f"{value + 1}{suffix}")
                if value != 0:
                    self.change(token, f"{value - 1}{suffix}")

    def conditions(self):
        for i, token in enumerate(self.tokens):
            if token.text != "if" or self.tokens[i + 1].text != "(":
                continue
            first, last = i + 1, self.closing[i + 1]
            inner = self.tokens[first + 1:last]
            if any(t.text in COMPARISONS and t.spaced for t in inner) or any(
                    t.text in ("=", "!") for t in inner):
                continue
            start, end = self.tokens[first].end, self.tokens[last].start
            condition = self.source[start:end]
            self.changes.append((start, end, f"!({condition})", "negated"))

    def statements(self):
        for i, token in enumerate(self.tokens):
            if token.text == "{" and is_body(self.tokens, i):
                self.statements_within(i + 1, self.closing[i])

    def statements_within(self, i, end):
        while i < end:
            last = self.end_of_statement(i)
            text = self.tokens[i].text
            if (text not in NOT_DELETED | NOT_MUTATED and text != "{"
                    and i not in self.left_out):
                self.delete(i, last)
            i = last + 1

    def delete(self, i, last):
        start, end = self.tokens[i].start, self.tokens[last].end
        first_line = self.source[start:end].split("\n")[0]
        self.changes.append((start, end, ";", f"deleted: {first_line}"))

    def mutants(self):
        self.operators()
        self.constants()
        self.conditions()
        self.statements()
        seen = {}
        for start, end, replacement, what in sorted(self.changes):
            begin = self.source.rfind("\n", 0, start) + 1
            line = self.source[begin:].split("\n", 1)[0]
            column = start - begin - (len(line) - len(line.lstrip()))
            name = f"{self.name}: {line.strip()} [{column}: {what}]"
            if what.startswith("deleted"):
                name = f"{self.name}: {line.strip()} [{column}: deleted]"
            seen[name] = seen.get(name, 0) + 1
            if seen[name] > 1:
                name += f" #{seen[name]}"
            yield {"file": self.name, "name": name,
                   "line": self.source.count("\n", 0, start) + 1,
                   "text": (self.source[:start] + replacement
                            + self.source[end:])}


def mutants_of(name, source):
    """Returns the mutants of a file: its name, theirs, and the whole text."""
    return list(Reader(name, source).mutants())
