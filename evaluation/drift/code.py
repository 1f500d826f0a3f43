"""Which code a figure was measured on: a fingerprint of what a part of the evaluation runs, so that the report can say whether it is that of the code beside it."""

from __future__ import annotations

import ast
import hashlib
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent.parent
_OURS = ("detectors.drift", "evaluation.drift")


def fingerprint(module: str, root: Path = ROOT) -> str:
    """12 hexadecimal digits of a module and all that it imports of _OURS, however far; comments and docstrings make no difference. Raises FileNotFoundError: there is no such module."""
    digest = hashlib.sha256()
    for name, tree in sorted(_reached(module, root).items()):
        digest.update(f"{name}\n{ast.dump(_bare(tree))}\n".encode())
    return digest.hexdigest()[:12]


def _reached(module: str, root: Path) -> dict[str, ast.Module]:
    found: dict[str, ast.Module] = {}
    waiting = [module]
    while waiting:
        name = waiting.pop()
        if name in found:
            continue
        path = _file(name, root)
        if path is None:
            raise FileNotFoundError(name)
        found[name] = ast.parse(path.read_text(encoding="utf-8"))
        waiting += [each for each in _imported(found[name]) if each.startswith(_OURS) and _file(each, root) is not None]
    return found


def _imported(tree: ast.Module) -> set[str]:
    """Names that may be modules."""
    found: set[str] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found.update(each.name for each in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.update((node.module, *(f"{node.module}.{each.name}" for each in node.names)))
    return found


def _file(module: str, root: Path) -> Path | None:
    stem = root.joinpath(*module.split("."))
    return next((path for path in (stem.with_suffix(".py"), stem / "__init__.py") if path.is_file()), None)


def _bare(tree: ast.Module) -> ast.Module:
    for node in ast.walk(tree):
        if isinstance(node, ast.Module | ast.ClassDef | ast.FunctionDef | ast.AsyncFunctionDef) and ast.get_docstring(node, clean=False) is not None:
            node.body = node.body[1:]
    return tree
