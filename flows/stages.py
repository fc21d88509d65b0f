"""The stages in their order: what each reads, writes and depends on.

Names of tables are the edges of the graph. `ingest` comes before them (`tasks.ingest_step`),
checking and publishing after (`flows.build`).
"""

from tasks.assemble import assemble_documents, assemble_ledger
from tasks.clean import clean_documents
from tasks.compose import compose_documents
from tasks.duplicates.cluster import find_duplicates
from tasks.duplicates.sign import sign_documents
from tasks.extract_entities import extract_entities
from tasks.models.backends import model_context, models_in_use
from tasks.resolve_entities import alias_table_digest, resolve_entities
from tasks.resolve_stories import resolve_stories
from tasks.stage import Stage
from tasks.tag_language import tag_language

STAGES: dict[str, Stage] = {
    stage.name: stage
    for stage in (
        Stage(
            "clean",
            clean_documents,
            reads=("raw_documents",),
            writes=("cut_segments", "page_metadata"),
            settings=("clean",),
        ),
        Stage(
            "tag_language",
            tag_language,
            reads=("cut_segments",),
            writes=("tagged_segments",),
            settings=("languages",),
        ),
        Stage(
            "compose",
            compose_documents,
            reads=("raw_documents", "page_metadata", "tagged_segments"),
            writes=("clean_documents", "clean_rejects"),
        ),
        Stage(
            "sign",
            sign_documents,
            reads=("clean_documents",),
            writes=("signatures",),
            settings=("duplicates",),
        ),
        Stage(
            "find_duplicates",
            find_duplicates,
            reads=("signatures",),
            writes=("duplicates",),
            settings=("duplicates",),
            whole=True,
        ),
        Stage(
            "extract_entities",
            extract_entities,
            reads=("clean_documents", "tagged_segments", "duplicates"),
            writes=("segments", "found_mentions"),
            settings=("entities",),
            row_context=model_context,
            surroundings=models_in_use,
        ),
        Stage(
            "resolve_entities",
            resolve_entities,
            reads=("found_mentions",),
            writes=("entities", "entity_names"),
            settings=("resolve",),
            whole=True,
            surroundings=alias_table_digest,
        ),
        Stage(
            "resolve_stories",
            resolve_stories,
            reads=("clean_documents", "duplicates"),
            writes=("stories", "document_stories"),
            whole=True,
        ),
        Stage(
            "assemble_documents",
            assemble_documents,
            reads=(
                "clean_documents",
                "segments",
                "found_mentions",
                "duplicates",
                "document_stories",
            ),
            writes=("documents", "mentions"),
            looks_up=("entity_names",),
        ),
        Stage(
            "assemble_ledger",
            assemble_ledger,
            reads=("raw_documents", "duplicates", "clean_rejects", "ingest_rejects"),
            writes=("rejects", "ledger"),
            whole=True,
        ),
    )
}
