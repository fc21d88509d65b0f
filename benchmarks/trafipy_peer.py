"""Run trafipy, the page-type-aware extractor of the data's makers, on pages, for comparison.

    PYTHON -m benchmarks.trafipy_peer < PAGES > TEXTS

PYTHON (3.12 or later) is that of an environment of its own, since trafipy is no dependency of this
project: `python3.13 -m venv PEER`, then `PEER/bin/pip install trafipy==0.1.0`. PAGES are a JSON
list of file, address and markup; TEXTS an object with the text of each by file, and the processor
seconds. Settings are trafipy's defaults.
"""

import json
import sys
import time

import trafipy


def main() -> None:
    """Extract the text of each page on the standard input."""
    pages = json.load(sys.stdin)
    began = time.process_time()
    texts = {file: trafipy.extract(html, url=url).text for file, url, html in pages}
    json.dump({"texts": texts, "seconds": time.process_time() - began}, sys.stdout)


if __name__ == "__main__":
    main()
