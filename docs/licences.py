"""Judge under which licence each package of the lock files stands.

python -m docs.licences            name packages whose licence nobody allowed; exit 1 if there are
python -m docs.licences --list     and print the licence of every package

Packages of other systems, which are locked but not installed here, are counted and not judged.
"""

import re
import sys
from collections.abc import Iterator, Sequence
from importlib import metadata
from pathlib import Path

LOCKS = ("requirements.lock", "requirements-dev.lock")
_ROOT = Path(__file__).parents[1]
_PIN = re.compile(r"^([\w.-]+)==", re.MULTILINE)
_OPERATORS = re.compile(r"\s+(?:AND|and|OR|or)\s+|[;()]")
#: `ISC License (ISCL)`
_ACRONYM = re.compile(r" \([^)]*\)$")
#: SPDX names, those of PyPI's classifiers and what some packages write: all may be used,
#: changed and passed on in closed programs, too, for a notice.
ALLOWED = {
    "0BSD", "3-Clause BSD License", "Apache-2.0", "Apache Software License", "BSD", "BSD License",
    "BSD-2-Clause", "BSD-3-Clause", "CC0-1.0", "CNRI-Python", "DFSG approved", "ISC",
    "ISC License", "MIT", "MIT License", "MIT-0", "PSF-2.0", "Public-Domain",
    "Python Software Foundation License", "Unlicense", "Zlib",
}  # fmt: skip
#: Packages that ask for more or leave a choice, each with what holds for us. `docs/security.md`
#: names them.
NAMED = {
    "certifi": "MPL-2.0: changes to its own files stay open; we change none",
    "hypothesis": "MPL-2.0; of the tests only",
    "mlcroissant": "Apache-2.0, as its repository says, and its wheel does not; of the tests only",
    "orjson": "MPL-2.0 and (Apache-2.0 or MIT): as certifi",
    "pathspec": "MPL-2.0; of the type checker only",
    "pypdfium2": "BSD-3-Clause and Apache-2.0; its PDFium adds FTL, Zlib, libpng",
    "text-unidecode": "Artistic License or GPL-2.0+: we take the Artistic License",
    "tld": "MPL-1.1 or GPL-2.0 or LGPL-2.1+: we take MPL-1.1, as certifi",
    "tqdm": "MPL-2.0 and MIT: as certifi",
}


def locked_packages() -> list[str]:
    """Return the packages of the lock files, sorted."""
    texts = [(_ROOT / lock).read_text(encoding="utf-8") for lock in LOCKS]
    return sorted({name for text in texts for name in _PIN.findall(text)})


def licence_of(package: str) -> str | None:
    """Return what an installed package says of its licence; None: it is not installed."""
    try:
        told = metadata.metadata(package)
    except metadata.PackageNotFoundError:
        return None
    classifiers = told.get_all("Classifier") or []
    named = [c.rpartition(" :: ")[2] for c in classifiers if c.startswith("License :: ")]
    named = [_ACRONYM.sub("", name) for name in named if name != "OSI Approved"]
    free, expression = (
        "".join(told.get_all(name) or []).strip() for name in ("License", "License-Expression")
    )
    return expression or "; ".join(named) or free.partition("\n")[0] or "none"


def is_allowed(licence: str) -> bool:
    """Tell whether every licence in an expression is allowed, so that none has to be chosen."""
    words = [word.strip() for word in _OPERATORS.split(licence)]
    return all(word in ALLOWED for word in words if word)


def refusals(packages: Sequence[str]) -> Iterator[str]:
    """Yield a sentence for each installed package whose licence nobody allowed."""
    for package in packages:
        licence = licence_of(package)
        if licence is not None and package not in NAMED and not is_allowed(licence):
            yield (
                f"{package} stands under {licence!r}: replace it, or say in docs/licences.py what "
                "holds for us"
            )


def main(arguments: Sequence[str]) -> int:
    """Print what was found; return the exit status."""
    packages = locked_packages()
    licences = {package: licence_of(package) for package in packages}
    if "--list" in arguments:
        lines = (f"{name}: {NAMED.get(name, licence)}\n" for name, licence in licences.items())
        sys.stdout.writelines(lines)
    found = list(refusals(packages))
    sys.stderr.writelines(f"{sentence}\n" for sentence in found)
    absent = sum(licence is None for licence in licences.values())
    sys.stdout.write(f"licences: {len(packages) - absent} packages, {absent} not installed here\n")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
