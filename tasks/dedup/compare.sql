-- One row per candidate pair: how far each field agrees. 1 agrees, -1 differs, 0 unknown; likenesses run from 0 to 1.
-- Edit distances are computed only where a cheap sign (same opening, ending, place or DOI) says that they could matter.
CREATE OR REPLACE TABLE feature AS
WITH pair AS (
    SELECT candidate.a, candidate.b, one, other
    FROM candidate
    JOIN form AS one ON one.n = candidate.a
    JOIN form AS other ON other.n = candidate.b
),
signed AS (
    SELECT
        *,
        shared(one.names, other.names) AS names_shared,
        (one.doi = other.doi AND NOT one.container_doi) OR one.pmid = other.pmid AS same_identifier,
        one.living_review = other.living_review AS same_living_review,
        one.first_page = other.first_page AS same_first_page,
        coalesce(one.page_text = other.page_text AND regexp_matches(one.page_text, '\d|[ivx]{2,}'), false) AS same_page_text
    FROM pair
),
-- "BERGLUND MBOSTROM CE" lost its separators, "Muli" its last letter: are the names of one list somewhere in the other?
doubted AS (
    SELECT
        *,
        names_shared < $authors_most AND (same_identifier
            OR (one.year = other.year AND (one.title = other.title OR same_first_page OR same_page_text))) AS names_doubted
    FROM signed
),
spelled AS (
    SELECT
        *,
        CASE WHEN names_doubted THEN letters(one.author_text) END AS one_letters,
        CASE WHEN names_doubted THEN letters(other.author_text) END AS other_letters
    FROM doubted
),
named AS (
    SELECT
        *,
        CASE WHEN names_doubted THEN greatest(names_shared, within(one.names, other_letters), within(other.names, one_letters))
            ELSE names_shared END AS authors_shared
    FROM spelled
),
titled AS (
    SELECT
        *,
        one.title = other.title AS same_title,
        opens(one.title, other.title, $opening_length) AS title_opens,
        least(length(one.title), length(other.title)) AS title_length,
        coalesce(greatest(
            CASE
                WHEN one.title = other.title THEN 1.0
                WHEN same_identifier OR same_living_review THEN likeness(one.title, other.title, $compared, 1)
                WHEN ((same_first_page OR same_page_text) AND one.year = other.year)
                    OR ((one.title[:6] = other.title[:6] OR one.title[-6:] = other.title[-6:])
                        AND (one.family = other.family OR same_first_page OR coalesce(authors_shared, 1) >= $authors_shared))
                    THEN likeness(one.title, other.title, $compared, $length_gap)
                ELSE 0.0
            END,
            CASE WHEN (one.titles IS NOT NULL OR other.titles IS NOT NULL)
                AND list_has_any(coalesce(one.titles, [one.title]), coalesce(other.titles, [other.title])) THEN 1.0 END,
            -- a subtitle that only one of them has
            CASE WHEN one.main_title = other.title OR other.main_title = one.title THEN 1.0 END,
            CASE WHEN opens(one.title, other.title, $title_opening) THEN 0.97 END,
            -- a heading before the title, or a series around it
            CASE WHEN closes(one.title, other.title) AND title_length >= $telling_length THEN 0.96 END,
            CASE WHEN same_identifier AND title_length >= $title_opening
                AND (contains(one.title, other.title) OR contains(other.title, one.title)) THEN 0.96 END
        ), 0) AS title_alike
    FROM named
),
worded AS (
    SELECT
        *,
        -- in a long title one word is few letters, and may be all the difference
        CASE WHEN title_alike >= $title_equal AND NOT same_title
            THEN has_another(telling(one.title_words, $word_length, $small_words),
                    telling(other.title_words, $word_length, $small_words), $word_alike, $word_stem)
                AND has_another(telling(other.title_words, $word_length, $small_words),
                    telling(one.title_words, $word_length, $small_words), $word_alike, $word_stem) END AS another_word
    FROM titled
)
SELECT
    a, b,
    title_alike, coalesce(same_title, false) AS same_title, title_opens,
    coalesce(title_length, 0) AS title_length,
    title_opens AND title_length >= $stem_length AS subtitle_missing,
    one.title IS NULL OR other.title IS NULL AS title_missing,
    coalesce(another_word, false) AS another_word,
    -- part 1 is not part 2, a reply is not what it replies to
    coalesce(same_title, false) OR one.title_numbers = other.title_numbers
        OR coalesce(one.title_numbers_without_i, one.title_numbers) = coalesce(other.title_numbers_without_i, other.title_numbers)
        AS numbers_agree,
    one.type_words = other.type_words AS type_words_agree,
    -- which of the two is it: 1 the one, -1 the other, 0 neither or both
    only_one(one.type_words, other.type_words, ['correction']) AS correction,
    only_one(one.type_words, other.type_words, ['retraction']) AS retraction,
    only_one(one.type_words, other.type_words, $comment_words) AS comment,
    only_one(one.type_words, other.type_words, ['protocol']) AS protocol,
    one.preprint::INT - other.preprint::INT AS preprint,
    one.supplement::INT - other.supplement::INT AS abstract_of_meeting,
    one.translated::INT - other.translated::INT AS translation,
    CASE WHEN one.year < other.year OR (one.year = other.year AND one.doi < other.doi) THEN 1 ELSE -1 END AS earlier,
    coalesce(one.main_title = other.main_title AND likeness(one.title[length(one.main_title) + 1:],
        other.title[length(other.main_title) + 1:], $compared, $length_gap) < $title_near, false) AS subtitles_differ,
    one.generic OR other.generic AS generic,
    one.translated OR other.translated AS translated,
    abs(one.year - other.year) AS years_apart,
    CASE
        WHEN agreement(one.family, other.family) >= 0 THEN agreement(one.family, other.family)
        -- "Petrishchev" and "Petrischev", "DECATERINA" and "De Caterina": not the same, and no contradiction
        WHEN least(length(one.family), length(other.family)) >= $family_length
            AND (closes(one.family, other.family)
                OR likeness(one.family, other.family, $compared, $length_gap) >= $family_alike) THEN 0
        ELSE -1
    END AS first_author,
    authors_shared,
    least(len(one.names), len(other.names)) AS fewest_names,
    least(one.authors, other.authors) AS fewest_authors,
    -- two different DOIs differ even if one is of a supplement; a supplement's DOI that both have proves nothing
    CASE
        WHEN agreement(one.doi, other.doi) = 1 THEN CASE WHEN one.container_doi THEN 0 ELSE 1 END
        WHEN agreement(one.doi, other.doi) = 0 THEN 0
        -- "-" for "_", or a slash that was lost
        WHEN one.doi[:7] = other.doi[:7] AND one.doi[-3:] = other.doi[-3:]
            AND regexp_replace(one.doi, '[^a-z0-9]+', '', 'g') = regexp_replace(other.doi, '[^a-z0-9]+', '', 'g')
            THEN CASE WHEN one.container_doi OR other.container_doi THEN 0 ELSE 1 END
        -- cut short; a part of the paper ("….001" at eLife); a letter dropped
        WHEN opens(one.doi, other.doi, 12) AND abs(length(one.doi) - length(other.doi)) <= 2 THEN 0
        WHEN opens(one.doi, other.doi, 12)
            AND regexp_matches(greatest(one.doi, other.doi)[least(length(one.doi), length(other.doi)) + 1:], '^\.[a-z]?\d{3}$')
            THEN 0
        WHEN one.doi[:7] = other.doi[:7] AND abs(length(one.doi) - length(other.doi)) = 1 AND levenshtein(one.doi, other.doi) = 1
            AND regexp_replace(one.doi, '\D+', '', 'g') = regexp_replace(other.doi, '\D+', '', 'g') THEN 0
        ELSE -1
    END AS doi,
    agreement(one.pmid, other.pmid) AS pmid,
    CASE
        -- journals without volumes are sometimes given the year
        WHEN agreement(one.volume, other.volume) = -1
            AND (one.volume = one.year::VARCHAR) <> (other.volume = other.year::VARCHAR) THEN 0
        ELSE agreement(one.volume, other.volume)
    END AS volume,
    CASE
        WHEN one.article_number IS NOT NULL OR other.article_number IS NOT NULL THEN greatest(agreement(one.issue, other.issue), 0)
        ELSE agreement(one.issue, other.issue)
    END AS issue,
    CASE
        WHEN same_page_text THEN 1
        WHEN one.article_number = other.first_page OR other.article_number = one.first_page
            OR one.article_number = other.article_number THEN 1
        WHEN one.page_is_date OR other.page_is_date THEN CASE
            WHEN coalesce(one.page_numbers, list_sort([one.first_page, one.last_page]))
                = coalesce(other.page_numbers, list_sort([other.first_page, other.last_page])) THEN 1
            ELSE greatest(agreement(one.first_page, other.first_page), 0) END
        -- one of the ranges of a paper that is printed in several languages
        WHEN (len(one.page_starts) > 1 AND list_contains(one.page_starts, other.first_page))
            OR (len(other.page_starts) > 1 AND list_contains(other.page_starts, one.first_page)) THEN 1
        -- "Suppl-12" and "S8-12": the first page was lost, the last is the same
        WHEN agreement(one.first_page, other.first_page) = 0
            AND (regexp_matches(one.page_text, '^(suppl|t)-') OR regexp_matches(other.page_text, '^(suppl|t)-'))
            AND closes(one.last_page, other.last_page) THEN 1
        WHEN agreement(one.first_page, other.first_page) = -1 AND (
            -- "1139" and "139": a digit or letter was lost
            (closes(one.first_page, other.first_page) AND least(length(one.first_page), length(other.first_page)) >= $page_digits)
            -- the paper starts on the title page or the page after, and ends on the same
            OR (closes(one.last_page, other.last_page)
                AND abs(try_cast(one.first_page AS BIGINT) - try_cast(other.first_page AS BIGINT)) <= $page_shift)
            -- "488" and "487-488": the last page alone
            OR (one.last_page IS NULL AND closes(one.first_page, other.last_page))
            OR (other.last_page IS NULL AND closes(other.first_page, one.last_page))
            -- an article number beside pages
            OR regexp_matches(one.page_text, $article_number_pattern)
                <> regexp_matches(other.page_text, $article_number_pattern)) THEN 0
        -- short pieces share a page: then the last page must agree too
        WHEN one.first_page = other.first_page AND one.last_page IS NOT NULL AND other.last_page IS NOT NULL
            AND NOT closes(one.last_page, other.last_page) AND (one.generic OR other.generic)
            AND NOT coalesce(same_identifier, false) THEN -1
        ELSE agreement(one.first_page, other.first_page)
    END AS page,
    coalesce(one.last_page <> one.first_page, false) OR one.page_is_date AS several_pages,
    coalesce(one.first_page = other.first_page AND one.last_page = other.last_page AND one.last_page <> one.first_page, false)
        AS same_page_range,
    coalesce(length(one.first_page), 0) AS page_digits,
    one.supplement OR other.supplement AS supplement,
    -- a volume and nothing else of a place: an article would have an issue, pages or a number
    (one.bare AND NOT one.supplement) OR (other.bare AND NOT other.supplement) AS bare,
    one.kind IS DISTINCT FROM other.kind AND one.type IS NOT NULL AND other.type IS NOT NULL AS kind_differs,
    coalesce(same_living_review, false) AS same_living_review,
    coalesce(same_living_review, one.living_serial AND other.living_serial) AS living,
    CASE
        WHEN len(one.journal_words) = 0 OR len(other.journal_words) = 0 THEN 0.5
        WHEN one.journal_words = other.journal_words OR abbreviates(one.journal_words, other.journal_words) THEN 1.0
        ELSE greatest(
            jaro_winkler_similarity(array_to_string(one.journal_words, ' '), array_to_string(other.journal_words, ' ')),
            CASE
                WHEN shared(one.journal_words, other.journal_words) = 1 OR initials(one.journal_words) = other.journal_words[1]
                    OR initials(other.journal_words) = one.journal_words[1]
                    OR begins(one.journal_words, other.journal_words, $journal_words_equal) THEN 0.9
                WHEN begins(one.journal_words, other.journal_words, $journal_words_akin) THEN 0.75
                ELSE 0
            END)
    END AS journal_alike,
    len(one.journal_words) > 0 AND len(other.journal_words) > 0 AS journal_known,
    CASE
        WHEN one.abstract IS NULL OR other.abstract IS NULL THEN NULL
        WHEN one.abstract = other.abstract THEN 1.0
        WHEN title_alike >= $title_equal AND NOT coalesce(same_first_page, false)
            THEN likeness(one.abstract, other.abstract, $abstract_compared, $length_gap)
        ELSE 0.0
    END AS abstract_alike,
    coalesce(least(length(one.abstract), length(other.abstract)), 0) AS abstract_length
FROM worded;
