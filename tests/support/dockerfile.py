"""A Dockerfile's instructions carried out without an engine: in a scratch root made of this machine's own /usr, as far as mounts and namespaces allow.

It proves the steps (what is copied, installed, left out, who runs what with which rights), not the base image: `FROM` is this machine's system with this Python in front of the path.
Needs root, unshare, setpriv and chroot; `can` says what is missing.

One kind of line is not carried out as it stands: `pip install --require-hashes -r FILE` takes minutes of the processor, and the environment that tests run in was made of the same pins
and hashes. Its files are lent to the root in their place, as links; TIDEGATE_WHOLE_IMAGE=1 has
the line carried out.

Understood: FROM, ARG, ENV, WORKDIR, COPY (files and directories, --from), RUN, and what says how it runs (USER, ENTRYPOINT, CMD, HEALTHCHECK, STOPSIGNAL, VOLUME).
"""

from __future__ import annotations

import importlib.metadata
import json
import os
import re
import shlex
import shutil
import subprocess
import sys
from dataclasses import dataclass, field
from pathlib import Path

PYTHON_AT = "/base"  # where the scratch root has `python`
WHOLE = "TIDEGATE_WHOLE_IMAGE"
_LOCKED = re.compile(r"(/\S+)/bin/python -m pip install (?=.*--require-hashes).* -r (\S+)$")
_LINKED = ("bin", "sbin", "lib", "lib64")


def can() -> str:
    """What keeps a root of its own from being made here; "": nothing."""
    if os.geteuid() != 0:
        return "needs root, to make mounts"
    for program in ("unshare", "setpriv", "chroot", "mount"):
        if not shutil.which(program):
            return f"needs {program}"
    tried = subprocess.run(["unshare", "--mount", "--pid", "--fork", "--propagation", "private", "mount", "-t", "tmpfs", "none", "/mnt"], capture_output=True, text=True, check=False)
    return f"this kernel or sandbox refuses mounts: {tried.stderr.strip()}" if tried.returncode else ""


@dataclass
class Stage:
    """name: as in `FROM ... AS name`, or its number."""

    name: str
    steps: list[tuple[str, str]] = field(default_factory=list)

    def last(self, instruction: str) -> str:
        """The value that holds; "" if there is none."""
        return next((value for key, value in reversed(self.steps) if key == instruction), "")


def stages(text: str) -> list[Stage]:
    """A Dockerfile's stages, comments gone, continued lines joined."""
    lines = [line for line in text.splitlines() if not line.lstrip().startswith("#")]
    found: list[Stage] = []
    for line in re.sub(r"\\\n", " ", "\n".join(lines)).splitlines():
        if not line.strip():
            continue
        instruction, _, value = line.strip().partition(" ")
        if instruction == "FROM":
            name = re.search(r" AS (\w+)$", value)
            found.append(Stage(name[1] if name else str(len(found))))
        elif found:
            found[-1].steps.append((instruction, value.strip()))
    return found


def sent(context: Path, ignore: str) -> set[str]:
    """The files of a context that .dockerignore lets through, in the form this project writes it: everything is left out (`*`), then `!` lets in files or directories, then `**/` patterns
    take some away again.
    """
    lines = [line for line in ignore.splitlines() if line and not line.startswith("#")]
    assert lines[0] == "*", "expected an allow list"
    found: set[str] = set()
    for line in lines[1:]:
        if line.startswith("!"):
            path = context / line[1:].rstrip("/")
            found |= {str(each.relative_to(context)) for each in (path.rglob("*") if path.is_dir() else [path]) if each.is_file()}
        else:
            assert line.startswith("**/"), line
            pattern = line[3:]
            gone = re.compile(r"(^|.*/)" + re.escape(pattern).replace(r"\*", "[^/]*") + (".*" if pattern.endswith("/") else "$"))
            found = {each for each in found if not gone.match(each)}
    return found


class Root:
    """A directory to be somebody's `/`. Files made in it by `run` stay; mounts do not outlive a call."""

    def __init__(self, path: Path) -> None:
        self.path = path
        for name in ("usr", "proc", "dev", "tmp", "run", "var/lib", "opt", PYTHON_AT[1:]):
            (path / name).mkdir(parents=True)
        for name in _LINKED:
            if Path("/", name).is_symlink():
                (path / name).symlink_to(os.readlink(f"/{name}"))
            else:
                (path / name).mkdir()
        shutil.copytree("/etc", path / "etc", symlinks=True, ignore=shutil.ignore_patterns("*shadow*", "private", "ssh"))
        settings = Path.home() / ".config/pip/pip.conf"
        if settings.exists():  # where this machine finds packages: the image's builder has its own
            shutil.copyfile(settings, path / "etc/pip.conf")
        for name in ("python", "python3"):
            (path / PYTHON_AT[1:] / name).symlink_to(Path(sys.base_prefix, "bin", f"python{sys.version_info[0]}.{sys.version_info[1]}"))
        self._shown = [Path("/usr"), *(Path("/", name) for name in _LINKED if not Path("/", name).is_symlink())]
        if not sys.base_prefix.startswith("/usr"):
            self._shown.append(Path(sys.base_prefix))
        self._shown += [each for each in Path("/opt").iterdir() if each.name != "tidegate"]
        for shown in self._shown:
            if shown.is_dir():
                (path / str(shown)[1:]).mkdir(parents=True, exist_ok=True)
        for parent in Path(sys.base_prefix).parents:
            (path / str(parent)[1:]).chmod(0o755)

    def command(self, command: list[str], environment: dict[str, str], *, cwd: str = "/", user: int = 0, volumes: dict[str, Path] | None = None, sealed: bool = False) -> list[str]:
        """What to start. The command is process 1 of its own process namespace.

        volumes: paths in the root that are these directories, writable.  sealed: the root is read-only but for volumes and a fresh /tmp, there are no capabilities and none to be had.
        """
        root = shlex.quote(str(self.path))
        script = ["set -e", f"mount --bind {root} {root}", f"cd {root}"]
        script += [f"mount --rbind {shlex.quote(str(shown))} .{shlex.quote(str(shown))}; mount -o remount,bind,ro .{shlex.quote(str(shown))}" for shown in self._shown if shown.is_dir()]
        script += ["mount --rbind /dev dev", "mount -t proc proc proc"]
        script += [f"mount --bind {shlex.quote(str(where))} .{path}" for path, where in (volumes or {}).items()]
        rights = ["setpriv", f"--reuid={user}", f"--regid={user}", "--clear-groups"] if user else []
        if sealed:
            script += ["mount -t tmpfs -o mode=1777,nosuid,nodev tmpfs tmp", f"mount -o remount,bind,ro {root}"]
            rights += ["--no-new-privs", "--bounding-set=-all", "--inh-caps=-all"] if rights else ["setpriv", "--no-new-privs", "--bounding-set=-all"]
        inner = ["env", "-i", *(f"{key}={value}" for key, value in environment.items()), "sh", "-c", f"cd {shlex.quote(cwd)} && exec {shlex.join(command)}"]
        script.append("exec " + shlex.join(["chroot", ".", *rights, *inner]))
        return ["unshare", "--mount", "--pid", "--fork", "--kill-child", "--propagation", "private", "sh", "-c", "; ".join(script)]


class Build:
    """One run through a Dockerfile. arguments: as of --build-arg."""

    def __init__(self, dockerfile: Path, context: Path, scratch: Path, arguments: dict[str, str] | None = None) -> None:
        self.stages = stages(dockerfile.read_text())
        self._context, self._scratch, self._arguments = context, scratch, arguments or {}
        self._sent = sent(context, (context / ".dockerignore").read_text())
        self.roots: dict[str, Root] = {}
        self.environment: dict[str, str] = {}  # of the stage at hand, in the end the image's
        self.cwd = "/"

    def run(self) -> Root:
        """Carry everything out. Returns the last stage's root. Raises AssertionError with what a step said."""
        for stage in self.stages:
            self.roots[stage.name] = root = Root(self._scratch / stage.name)
            self.environment, self.cwd = {"PATH": f"{PYTHON_AT}:/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin"}, "/"
            for instruction, value in stage.steps:
                if instruction in ("ARG", "ENV"):
                    self._set(instruction, value)
                elif instruction == "WORKDIR":
                    self.cwd = value
                    (root.path / value[1:]).mkdir(parents=True, exist_ok=True)
                elif instruction == "COPY":
                    self._copy(root, value.split())
                elif instruction == "RUN":
                    for part in value.split(" && ") if not os.environ.get(WHOLE) else (value,):
                        self._run(root, part.strip())
        return root

    def _run(self, root: Root, command: str) -> None:
        locked = _LOCKED.fullmatch(command)
        if locked and lent(root.path / self.cwd[1:] / locked[2], root.path / locked[1][1:]):
            return
        done = subprocess.run(root.command(["sh", "-c", command], {**_way_out(), **self.environment}, cwd=self.cwd), capture_output=True, text=True, check=False, timeout=1500)
        assert done.returncode == 0, f"RUN {command}\n{done.stdout[-2000:]}\n{done.stderr[-4000:]}"

    def _set(self, instruction: str, value: str) -> None:
        for pair in shlex.split(value):
            name, _, said = pair.partition("=")
            given = self._arguments.get(name, said) if instruction == "ARG" else said
            self.environment[name] = re.sub(r"\$(\w+)", lambda match: self.environment.get(match[1], ""), given)

    def _copy(self, root: Root, words: list[str]) -> None:
        *sources, target = words
        where = root.path / (target[1:] if target.startswith("/") else f"{self.cwd[1:]}/{target}")
        if sources[0].startswith("--from="):
            origin = self.roots[sources[0].partition("=")[2]].path
            where.parent.mkdir(parents=True, exist_ok=True)
            (origin / sources[1][1:]).rename(where)  # nobody looks at the stage again
            return
        for source in sources:
            files = {name for name in self._sent if name == source or name.startswith(source + "/")}
            assert files, f"COPY {source}: nothing of it is sent (.dockerignore)"
            for name in files:
                rest = name[len(source) + 1 :]
                place = where / rest if rest else where / Path(name).name if target.endswith("/") else where
                place.parent.mkdir(parents=True, exist_ok=True)
                shutil.copy2(self._context / name, place)


def lent(lock: Path, environment: Path) -> bool:
    """Give an environment what a lock asks for, from the one that this runs in. False, and nothing done: not all of it is here in these very versions.

    Programs of packages are left out: their first line names the environment that they come from.
    """
    found = []
    for name, version in re.findall(r"^([\w.-]+)==([^\s;]+)", lock.read_text(), re.M):
        try:
            distribution = importlib.metadata.distribution(name)
        except importlib.metadata.PackageNotFoundError:
            return False
        if distribution.version != version or not distribution.files:
            return False
        found.append(distribution)
    (packages,) = (environment / "lib").glob("python3*/site-packages")
    for distribution in found:
        _gone(packages, distribution.name)
        for file in distribution.files or ():
            source = Path(str(distribution.locate_file(file)))
            if ".." in file.parts or not source.is_file():
                continue
            target = packages / file
            target.parent.mkdir(parents=True, exist_ok=True)
            try:
                target.hardlink_to(source)
            except OSError:  # on another file system
                shutil.copy2(source, target)
    return bool(found)


def _gone(packages: Path, name: str) -> None:
    """What a new environment brings along goes when the lock has another version of it."""
    for old in importlib.metadata.distributions(name=name, path=[str(packages)]):
        for file in old.files or ():
            Path(str(old.locate_file(file))).unlink(missing_ok=True)


def _way_out() -> dict[str, str]:
    """How this machine reaches packages, as an engine's builder knows by itself."""
    return {name: value for name, value in os.environ.items() if name.startswith("PIP_") or name.lower().endswith("_proxy") or name == "SSL_CERT_FILE"}


def exec_form(value: str) -> list[str]:
    """Of ENTRYPOINT, CMD and HEALTHCHECK's CMD: only the JSON form, which starts no shell."""
    words = json.loads(value[value.index("[") :])
    assert isinstance(words, list)
    return [str(word) for word in words]
