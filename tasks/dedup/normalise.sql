-- One row per record: its fields brought to a form in which damage and house style of the databases no longer differ.
-- `n` numbers the records in the order in which they may found a citation: first seen, then record id.
CREATE OR REPLACE TABLE form AS
WITH record AS (
    SELECT * FROM staging.record
),
numbered AS (
    SELECT
        row_number() OVER (ORDER BY review, first_seen, record_id) AS n,
        *,
        -- spreadsheets leave "#NAME?" where a title began with "="
        CASE WHEN title LIKE '#NAME%' THEN '' ELSE coalesce(title, '') END AS shown_title,
        coalesce(array_to_string(authors, '; '), '') AS author_text,
        coalesce(pages, '') AS page_text,
        coalesce(journal, '') AS journal_text,
        lower(url_decode(coalesce(doi, '') || ' ' || coalesce(url, ''))) AS doi_text
    FROM record
),
titled AS (
    SELECT
        *,
        -- "Title. Polish Tytuł …" keeps the first of the two titles
        regexp_replace(shown_title, $original_title_pattern, '') AS one_title,
        -- "Title. [Titre dans l'autre langue]" offers both
        regexp_extract(shown_title, '^(.{15,}?)[.\s]*\[(.{15,})\]\W*$', ['outer', 'inner']) AS two_titles
    FROM numbered
),
cleaned AS (
    SELECT
        *,
        regexp_replace(regexp_replace(regexp_replace(one_title,
            $notice_pattern, ''), $language_tail_pattern, ''), $remark_pattern, '', 'g') AS clean_title,
        string_split(author_text, ';')[1] AS first_author,
        strip_accents(CASE WHEN upper(author_text) = author_text THEN lower(author_text) ELSE author_text END) AS cased_authors
    FROM titled
),
worded AS (
    SELECT
        *,
        ' ' || plain_words(clean_title) || ' ' AS title_words,
        -- the family name is before the comma, or the first word; particles aside
        list_filter(
            string_split(plain_words(replace(replace(CASE WHEN first_author LIKE '%,%' THEN string_split(first_author, ',')[1]
                ELSE first_author END, '''', ''), '’', '')), ' '),
            lambda word: length(word) > 1 AND NOT list_contains($particles, word)) AS family_words
    FROM cleaned
)
SELECT
    n, review, record_id, type,
    letters(clean_title) AS title,
    list_distinct(list_filter([
        letters(clean_title), letters(two_titles.outer), letters(two_titles.inner)
    ], lambda x: x IS NOT NULL)) AS titles,
    -- the title without its subtitle
    CASE WHEN shown_title LIKE '%: %' AND length(split_part(shown_title, ': ', 1)) > $title_opening
        THEN letters(split_part(shown_title, ': ', 1)) END AS main_title,
    -- numerals as digits, in order: "Part II of 3" is "23"; Ca(2+) and Ca2+ are both "2"
    regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(regexp_replace(title_words,
        ' (ii|2nd|second) ', ' 2 ', 'g'), ' (iii|3rd|third) ', ' 3 ', 'g'), ' iv ', ' 4 ', 'g'), ' (i|first) ', ' 1 ', 'g'),
        ' vi? ', ' 5 ', 'g'),
        '[^0-9]', '', 'g') AS title_numbers,
    -- the words of a correction are many, and "(vol 9, e98734, 2014)" after a title is one of them
    list_sort(list_distinct(list_transform(
        regexp_extract_all(title_words || CASE WHEN regexp_matches(shown_title, '(?i)\(vol \d') THEN ' correction ' ELSE '' END,
            $type_word_pattern),
        lambda word: CASE WHEN list_contains($correction_words, word) THEN 'correction' ELSE word END))) AS type_words,
    regexp_matches(clean_title, $generic_pattern) OR length(coalesce(letters(clean_title), '')) < $generic_length AS generic,
    regexp_matches(shown_title, '^\W*\[|\[[A-Z][a-z]+\]\W*$|<ORIGINAL>') OR one_title <> shown_title AS translated,
    year,
    CASE WHEN author_text <> '' THEN family_words[1] END AS family,
    -- words of names, initials left out; where capitals do not tell them from initials, every word of three letters
    list_distinct(list_transform(CASE WHEN upper(author_text) = author_text THEN regexp_extract_all(cased_authors, '\p{L}{3,}')
        ELSE regexp_extract_all(cased_authors, '\p{Lu}\p{Ll}{2,}') END[:60], lambda x: lower(x))) AS names,
    given(regexp_replace(regexp_extract(regexp_replace(doi_text, '&rft.*$|&amp.*$', ''),
        '(10\.\d{4,9}/[^\s\[;"]+)', 1), '[.,/)]+$|(/full|/abstract|/pdf)$', '')) AS doi,
    false AS container_doi,  -- set by container.sql
    given(pmid) AS pmid,
    -- abstracts of a meeting fill supplements; they are not the article that may follow
    coalesce(type = 'conference', false) OR regexp_matches(journal_text, '(?i)conference:|\.\s*conference$')
        OR regexp_matches(concat_ws(' ', volume, issue), '(?i)suppl|meeting') OR regexp_matches(journal_text, '(?i)\d \(suppl')
        OR regexp_matches(coalesce(volume, ''), '^\d+\)$') OR regexp_matches(page_text, '(?i)^s\d') AS supplement,
    CASE WHEN list_contains($kinds_apart, type) THEN type END AS kind,
    coalesce(CASE WHEN NOT regexp_matches(volume, '^\d+\)$') THEN first_number(volume) END,
        first_number(regexp_extract(journal_text, '\.(\d+)\s?\(', 1))) AS volume,
    CASE WHEN NOT regexp_matches(issue, '(?i)^e\d{4,}|^article|var') AND NOT regexp_matches(issue, $month_pattern)
        THEN first_number(issue) END AS issue,
    CASE
        WHEN regexp_matches(issue, '(?i)^e\d{3,}|^article') THEN first_number(issue)
        WHEN regexp_matches(journal_text, 'Article Number: ?')
            THEN first_number(regexp_extract(journal_text, 'Article Number: ?[A-Za-z]*(\d+)', 1))
    END AS article_number,
    given(lower(page_text)) AS page_text,
    coalesce(
        CASE WHEN NOT regexp_matches(page_text, '(?i)^(suppl-|t-)') AND NOT regexp_matches(page_text, $month_pattern)
            THEN first_number(page_text) END,
        first_number(regexp_extract(journal_text, '\(pp [A-Za-z]?(\d+)', 1))) AS first_page,
    given(regexp_extract(page_text, '[-–]+\s*[A-Za-z]*(\d+)\D*$', 1)) AS last_page,
    -- spreadsheets turn pages 6-10 into "06-Oct"
    regexp_matches(page_text, $month_pattern) AS page_is_date,
    list_filter(string_split(plain_words(regexp_replace(journal_text,
        '(?s)\.\s?\([^)]*\)\s?\(no pag.*$|\.\s?\d{4} \(no pag.*$|\.\s?\d+\s?\(.*$|\.Date of Publication.*$|\.\d{4}\.?.*$', '')), ' '),
        lambda word: length(word) > 0 AND NOT list_contains($small_words, word)) AS journal_words,
    given(regexp_replace(lower(left(abstract, 700)), '[^\p{L}\p{N}]+', '', 'g'))[:400] AS abstract
FROM worded;
