"""The stages in their order: what each reads, writes and depends on.

Names of tables are the edges of the graph. `ingest` comes before them (`tasks.steps.ingest`),
checking and publishing after (`flows.build`).
"""

from tasks.clean.clean_documents import clean_documents
from tasks.clean.compose import compose_documents
from tasks.clean.drop_site_lines import drop_site_lines
from tasks.clean.find_personal_data import find_personal_data
from tasks.clean.find_site_lines import find_site_lines
from tasks.clean.tag_language import tag_language
from tasks.clean.trace_site_lines import trace_site_lines
from tasks.copies.find_contained import find_contained
from tasks.copies.find_duplicates import find_duplicates
from tasks.copies.resolve_stories import resolve_stories
from tasks.copies.sign import sign_documents
from tasks.copies.trace_stories import trace_stories
from tasks.entities.resolve_entities import known_names_digest, resolve_entities
from tasks.mentions.backends import model_context, models_in_use
from tasks.mentions.extract_entities import extract_entities
from tasks.releases.assemble import assemble_documents, assemble_ledger
from tasks.steps.stage import Stage

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
            "trace_site_lines",
            trace_site_lines,
            reads=("raw_documents", "page_metadata", "cut_segments"),
            writes=("line_traces",),
        ),
        Stage(
            "find_site_lines",
            find_site_lines,
            reads=("line_traces",),
            writes=("site_lines",),
            settings=("sites",),
            whole=True,
        ),
        Stage(
            "drop_site_lines",
            drop_site_lines,
            reads=("cut_segments", "site_lines"),
            writes=("judged_segments",),
            settings=("clean", "sites"),
        ),
        Stage(
            "tag_language",
            tag_language,
            reads=("judged_segments",),
            writes=("tagged_segments",),
            settings=("languages",),
        ),
        Stage(
            "find_personal_data",
            find_personal_data,
            reads=("tagged_segments",),
            writes=("clean_segments", "found_personal_data"),
            settings=("personal_data",),
        ),
        Stage(
            "compose",
            compose_documents,
            reads=("raw_documents", "page_metadata", "clean_segments"),
            writes=("clean_documents", "clean_rejects"),
            settings=("quality", "personal_data"),
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
            "find_contained",
            find_contained,
            reads=("signatures", "duplicates", "clean_documents"),
            writes=("containments",),
            settings=("duplicates",),
            whole=True,
        ),
        Stage(
            "extract_entities",
            extract_entities,
            reads=("clean_documents", "clean_segments", "duplicates"),
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
            surroundings=known_names_digest,
        ),
        Stage(
            "trace_stories",
            trace_stories,
            reads=("clean_documents",),
            writes=("story_features",),
            settings=("stories",),
        ),
        Stage(
            "resolve_stories",
            resolve_stories,
            reads=("clean_documents", "duplicates", "story_features"),
            writes=("stories", "document_stories"),
            settings=("stories",),
            whole=True,
        ),
        Stage(
            "assemble_documents",
            assemble_documents,
            reads=(
                "clean_documents",
                "segments",
                "found_mentions",
                "found_personal_data",
                "duplicates",
                "containments",
                "document_stories",
                "entity_names",
            ),
            writes=("documents", "mentions", "personal_data"),
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
