-- One row per record: its fields brought to a form in which damage and house style of the databases no longer differ.
CREATE OR REPLACE TABLE form AS
WITH record AS (
    SELECT * FROM numbered
),
shown AS (
    SELECT
        *,
        -- spreadsheets leave "#NAME?" where a title began with "="
        CASE WHEN title LIKE '#NAME%' THEN '' ELSE coalesce(title, '') END AS shown_title,
        regexp_replace(coalesce(array_to_string(authors, '; '), ''), $nobody_pattern, '') AS author_text,
        -- "S4-76-S4-101" are pages 76 to 101 of supplement 4
        regexp_replace(coalesce(pages, ''), '(?i)^s\d+-(\d+)-s\d+-(\d+)$', 'S\1-S\2') AS page_text,
        coalesce(journal, '') AS journal_text,
        -- "10.3779/10.3779/j.issn.1": the prefix was put before a DOI that had it
        regexp_replace(lower(url_decode(coalesce(doi, '') || ' ' || coalesce(url, ''))),
            '10\.\d{4,9}/(10\.\d{4,9}/)', '\1') AS doi_text
    FROM record
),
titled AS (
    SELECT
        *,
        -- "Title. Polish Tytuł …" keeps the first of the two titles
        regexp_replace(shown_title, $original_title_pattern, '') AS one_title,
        -- "Title. [Titre dans l'autre langue]" offers both
        CASE WHEN contains(shown_title, '[')
            THEN regexp_extract(shown_title, '^(.{15,}?)[.\s]*\[(.{15,})\]\W*$', ['outer', 'inner']) END AS two_titles
    FROM shown
),
cleaned AS (
    SELECT
        *,
        regexp_replace(regexp_replace(regexp_replace(one_title,
            $notice_pattern, ''), $language_tail_pattern, ''), $remark_pattern, '', 'g') AS clean_title,
        -- the family name is before the comma, or the first word
        split_part(split_part(author_text, ';', 1), ',', 1) AS first_family,
        strip_accents(CASE WHEN upper(author_text) = author_text THEN lower(author_text) ELSE author_text END) AS cased_authors,
        regexp_replace(journal_text,
            '(?is)\.\s?\([^)]*\)\s?\(no pag.*$|\.\s?\d{4} \(no pag.*$|\.\s?\d+\s?\(.*$|\.Date of Publication.*$|\.\d{4}\.?.*$'
            || '|[.:]\s*conference\b.*$', '') AS journal_name
    FROM titled
),
corrected AS (
    SELECT
        *,
        -- "Erratum: Kinship care (Lancet (2014) 3 (21-28))" differs from "Kinship care" by its kind, not by its title
        length(regexp_replace(clean_title, $correction_pattern, '')) BETWEEN $telling_length AND length(clean_title) - 1 AS corrects
    FROM cleaned
),
worded AS (
    SELECT
        *,
        ' ' || plain_words(CASE
            WHEN corrects THEN regexp_replace(regexp_replace(clean_title, $correction_pattern, ''), $corrected_place_pattern, '')
            ELSE clean_title END) || ' ' AS title_words,
        regexp_matches(page_text, $month_pattern) AS page_is_date,
        -- "14 p" counts pages
        regexp_matches(page_text, '(?i)^\W*\d+\s*p(p|ages)?\W*$') AS page_is_count
    FROM corrected
),
spelled AS (
    SELECT *, given(replace(title_words, ' ', '')) AS title_letters
    FROM worded
)
SELECT
    n, review, record_id, first_seen, print, type,
    -- the id of the citation that the record founds, if it does
    'c' || left(sha256(record_id), 16) AS citation_id,
    -- what is the same in every bibliographic field has one content; a record without title, DOI and abstract has none
    CASE WHEN coalesce(title, doi, abstract) IS NOT NULL THEN hash(type, title, authors, year, journal, volume, issue, pages, doi,
        pmid, abstract, publisher, url) END AS content,
    title_letters AS title,
    CASE WHEN coalesce(two_titles.outer, '') <> '' THEN list_distinct(list_filter([
        title_letters, letters(two_titles.outer), letters(two_titles.inner)
    ], lambda x: x IS NOT NULL)) END AS titles,  -- where there is more than the one
    trim(title_words) AS title_words,
    -- the title without its subtitle
    CASE WHEN shown_title LIKE '%: %' AND length(split_part(shown_title, ': ', 1)) > $title_opening
        THEN letters(split_part(shown_title, ': ', 1)) END AS main_title,
    -- numerals as digits, in order: "Part II of 3" is "23"; Ca(2+) and Ca2+ are both "2"
    numerals(replace(title_words, ' i ', ' 1 ')) AS title_numbers,
    -- the same where "i" is a letter: there is no numeral in "G(i/o) proteins"
    CASE WHEN contains(title_words, ' i ') THEN numerals(title_words) END AS title_numbers_without_i,
    -- the words of a correction are many, and "(vol 9, e98734, 2014)" after a title is one of them
    list_sort(list_distinct(list_transform(
        regexp_extract_all(title_words
            || CASE WHEN corrects OR regexp_matches(shown_title, '(?i)\(vol \d') THEN ' correction ' ELSE '' END,
            $type_word_pattern),
        lambda word: CASE WHEN list_contains($correction_words, word) THEN 'correction' ELSE word END))) AS type_words,
    regexp_matches(clean_title, $generic_pattern) OR length(coalesce(title_letters, '')) < $generic_length AS generic,
    regexp_matches(shown_title, '^\W*\[|\[[A-Z][a-z]+\]\W*$|<ORIGINAL>') OR one_title <> shown_title AS translated,
    year,
    CASE
        WHEN author_text = '' THEN NULL
        WHEN regexp_full_match(first_family, '[A-Za-z]{2,}') AND NOT list_contains($particles, lower(first_family))
            THEN lower(first_family)
        ELSE list_filter(string_split(plain_words(replace(replace(first_family, '''', ''), '’', '')), ' '),
            lambda word: length(word) > 1 AND NOT list_contains($particles, word))[1]
    END AS family,
    -- words of names, initials left out; where capitals do not tell them from initials, every word of three letters
    list_distinct(list_transform(CASE WHEN upper(author_text) = author_text THEN regexp_extract_all(cased_authors, '\p{L}{3,}')
        ELSE regexp_extract_all(cased_authors, '\p{Lu}\p{Ll}{2,}') END[:60], lambda x: lower(x))) AS names,
    len(authors) AS authors,
    author_text,
    given(regexp_replace(regexp_extract(regexp_replace(doi_text, '&rft.*$|&amp.*$', ''),
        '(10\.\d{4,9}/[^\s\[;"]+)', 1),
        -- old DOIs of Wiley end in a part that says in which form the paper was, not which paper: "…3.0.co;2-t"
        '[.,/)]+$|(/full|/abstract|/pdf)$|>\d\.\d\.[a-z]{2}$', '')) AS doi,
    false AS container_doi,  -- set by container.sql
    given(pmid) AS pmid,
    -- abstracts of a meeting fill supplements; they are not the article that may follow
    coalesce(type = 'conference', false) OR regexp_matches(journal_text, '(?i)conference:|\.\s*conference$')
        OR regexp_matches(concat_ws(' ', volume, issue), '(?i)suppl|meeting') OR regexp_matches(journal_text, '(?i)\d \(suppl')
        OR regexp_matches(coalesce(volume, ''), '^\d+\)$') OR regexp_matches(page_text, '(?i)^s\d') AS supplement,
    regexp_matches(journal_text, $preprint_pattern) OR regexp_matches(doi_text, $preprint_doi_pattern) AS preprint,
    CASE WHEN list_contains($kinds_apart, type) THEN type END AS kind,
    -- serials that publish one review again and again; Cochrane gives each review a number that all its versions keep
    regexp_matches(journal_text, $living_serial_pattern) AS living_serial,
    coalesce(
        given(regexp_extract(doi_text, '14651858\.(cd\d{6})', 1)),
        CASE WHEN journal_text ILIKE '%cochrane%'
            THEN given(regexp_extract(lower(concat_ws(' ', page_text, issue, shown_title)), '\bcd\d{6}')) END) AS living_review,
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
        CASE WHEN NOT regexp_matches(page_text, '(?i)^(suppl-|t-)') AND NOT page_is_date AND NOT page_is_count
            THEN first_number(page_text) END,
        first_number(regexp_extract(journal_text, '\(pp [A-Za-z]?(\d+)', 1))) AS first_page,
    given(regexp_extract(page_text, '[-–]+\s*[A-Za-z]*(\d+)\D*$', 1)) AS last_page,
    coalesce(volume, '') <> '' AND coalesce(issue, doi, '') = '' AND page_text = '' AND journal_text = journal_name AS bare,
    -- spreadsheets turn pages 6-10 into "06-Oct"; which of the two numbers is the first page cannot be told
    page_is_date,
    CASE WHEN page_is_date THEN list_sort([
        first_number(page_text),
        list_position($months, lower(regexp_extract(page_text, '[A-Za-z]{3}')))::VARCHAR
    ]) END AS page_numbers,
    -- where a paper is printed in several languages: "331-6, 413-7"
    list_transform(regexp_extract_all(page_text, '\d+\s*[-–]+\s*\d+'), lambda x: first_number(x)) AS page_starts,
    list_filter(string_split(plain_words(regexp_replace(journal_name, '\s*[(\[][^)\]]*[)\]]\s*$', '')), ' '),
        lambda word: length(word) > 0 AND NOT list_contains($small_words, word)) AS journal_words,
    left(nullif(regexp_replace(replace(lower(left(abstract, 520)), ' ', ''), '[^\p{L}\p{N}]+', '', 'g'), ''), 400) AS abstract
FROM spelled;
