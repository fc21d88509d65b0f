-- Which organisations do the press of two languages both name?
CREATE OR REPLACE MACRO organisations_in_both(first_language, second_language) AS TABLE
    SELECT entity_id, canonical_name,
           count(DISTINCT doc_id) FILTER (documents.language = first_language) AS first_documents,
           count(DISTINCT doc_id) FILTER (documents.language = second_language) AS second_documents
    FROM mentions
    JOIN documents USING (doc_id)
    JOIN entities USING (entity_id)
    WHERE entities.label = 'ORG'
    GROUP BY entity_id, canonical_name
    HAVING first_documents > 0 AND second_documents > 0
    ORDER BY least(first_documents, second_documents) DESC, entity_id;

-- Who and what is named in the same documents as somebody (an entity_id, or any of the names)?
CREATE OR REPLACE MACRO named_with(wanted) AS TABLE
    WITH meant AS (
        SELECT entity_id FROM entities
        WHERE entity_id = wanted OR canonical_name = wanted
           OR list_contains(list_transform(names, lambda entry: entry.name), wanted)
    ),
    together AS (
        SELECT DISTINCT doc_id FROM mentions WHERE entity_id IN (FROM meant)
    )
    SELECT entity_id, canonical_name, entities.label, count(DISTINCT doc_id) AS shared_documents
    FROM mentions
    JOIN entities USING (entity_id)
    WHERE doc_id IN (FROM together) AND entity_id NOT IN (FROM meant)
    GROUP BY entity_id, canonical_name, entities.label
    ORDER BY shared_documents DESC, entity_id;

-- What was dropped from a page (its source_uri), and why? No segment_index: the record itself.
CREATE OR REPLACE MACRO dropped_from(page) AS TABLE
    SELECT segment_index, segments.reason, detail, segments.language, segments.text
    FROM segments
    JOIN ledger USING (doc_id)
    WHERE ledger.source_uri = page AND NOT kept
    UNION ALL
    SELECT NULL, reason, detail, NULL, NULL FROM rejects WHERE source_uri = page
    ORDER BY segment_index NULLS FIRST;

-- Who told a story when (a story_id, or the source_uri of a document that tells it)?
CREATE OR REPLACE MACRO story_timeline(story) AS TABLE
    SELECT published_at, language, site, title, source_uri,
           duplicate_of IS NOT NULL AS is_copy, superseded_by IS NOT NULL AS is_earlier_version,
           translation_of IS NOT NULL AS is_translation
    FROM documents
    WHERE story_id = story
       OR story_id IN (SELECT d.story_id FROM documents d WHERE d.source_uri = story)
    ORDER BY published_at NULLS LAST, source_uri;

-- Which names does somebody (an entity_id, or any of the names) go by in each script, and why?
CREATE OR REPLACE MACRO names_by_script(wanted) AS TABLE
    WITH listed AS (
        SELECT entity_id, unnest(names) AS entry FROM entities
        WHERE entity_id = wanted OR canonical_name = wanted
           OR list_contains(list_transform(names, lambda entry: entry.name), wanted)
    )
    SELECT entity_id, entry.script, entry.name, entry.language, entry.count AS mentions,
           entry.evidence, entry.score, entry.joined_to
    FROM listed
    ORDER BY entity_id, entry.script, mentions DESC, entry.name, entry.language;
