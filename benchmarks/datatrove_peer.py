"""DataTrove's MinHash deduplication on the documents of `benchmarks.duplicates`, for comparison.

    PYTHON -m benchmarks.datatrove_peer FOLDER

PYTHON is that of an environment with `datatrove[io,processing]` and spaCy, of its own: DataTrove is
no dependency of this project. FOLDER holds `documents/*.jsonl` (`id`, `text`). Prints the CPU
seconds of each step as JSON and writes `groups.jsonl`: a document and its cluster. Settings are
DataTrove's defaults (5-grams of words, 14 bands of 8, one tokenizer for all languages).
"""

import json
import sys
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
from datatrove.pipeline.readers import JsonlReader
from datatrove.pipeline.writers import JsonlWriter


def main(folder: Path) -> None:
    """Sign, match, cluster and filter the documents with one worker."""
    seconds = {}
    for name, (pipeline, tasks) in _steps(folder, MinhashConfig()).items():
        start = time.process_time()
        logs = str(folder / "logs" / name)
        LocalPipelineExecutor(pipeline=pipeline, tasks=tasks, workers=1, logging_dir=logs).run()
        seconds[name] = time.process_time() - start
    _write_groups([folder / "kept", folder / "copies"], folder / "groups.jsonl")
    print(json.dumps(seconds))


def _steps(folder: Path, config: MinhashConfig) -> dict[str, tuple[list[object], int]]:
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


if __name__ == "__main__":
    main(Path(sys.argv[1]))
