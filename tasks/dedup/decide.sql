-- One row per candidate pair: the first rule that applies, in the order below, decides; the explanation says what agrees and what
-- does not. docs/dedup.md gives each rule in words. Rules that part come first: they are vetoes.
CREATE OR REPLACE TABLE decision AS
WITH feature AS (
    SELECT * FROM main.feature
),
weighed AS (
    SELECT
        *,
        (first_author >= 0 AND coalesce(authors_shared, 1) >= $authors_shared) OR coalesce(authors_shared, 0) >= $authors_most
            AS authors_agree,
        numbers_agree AND type_words_agree AS tokens_agree,
        -- where each article or issue is paged from 1, "1-8" is the place of many papers
        page = 1 AND (page_digits > 1 OR issue = 1) AS page_tells,
        -- another word makes another paper, unless identifier or page say that it is the same
        title_alike >= $title_equal AND (NOT another_word OR doi = 1 OR pmid = 1 OR page_tells) AS title_same,
        coalesce(years_apart, 0) AS years,
        journal_alike >= $journal_equal AS journal_same,
        journal_alike >= $journal_akin AS journal_akin,
        (volume = -1)::INT + (page = -1)::INT + (issue = -1)::INT + (coalesce(years_apart, 0) > 1)::INT AS against,
        (volume = 1)::INT + (page = 1)::INT + (issue = 1)::INT + (coalesce(years_apart = 0, false))::INT
            + (journal_alike >= $journal_equal)::INT AS in_favour
    FROM feature
),
scored AS (
    SELECT
        *,
        -- what people would look at first: mostly title and authors, then the place, less where a sign speaks for two papers
        round(least(1, greatest(0, 0.5 * title_alike + 0.2 * coalesce(authors_shared, 0.5) + 0.1 * journal_alike
            + 0.04 * in_favour - 0.05 * against + 0.1 * doi
            + CASE WHEN abstract_alike >= $abstract_equal THEN 0.1 ELSE 0 END
            - 0.15 * (NOT numbers_agree)::INT - 0.1 * (NOT type_words_agree)::INT - 0.1 * subtitles_differ::INT
            - 0.1 * generic::INT - 0.05 * abs(abstract_of_meeting))), 4)::DOUBLE AS score
    FROM weighed
),
ruled AS (
    SELECT
        *,
        CASE
            -- versions of a review differ in most fields and are one paper or not as the review's protocol says
            WHEN living AND doi = -1 AND title_same THEN CASE WHEN $versions_together
                THEN 'duplicate: version of the same review' ELSE 'different: other version of the review' END
            -- vetoes
            WHEN doi = -1 AND issue = -1 THEN 'different: other DOI and issue'
            WHEN generic AND issue = -1 AND doi < 1 AND pmid < 1
                AND NOT (same_title AND first_author = 1 AND volume = 1 AND same_page_range AND page_digits >= $place_digits)
                THEN 'different: short title in another issue'
            WHEN pmid = -1 AND doi < 1 THEN 'different: other PubMed id'
            WHEN kind_differs AND doi < 1 AND pmid < 1 THEN 'different: other kind of publication'
            WHEN preprint <> 0 AND title_same AND doi < 1 AND pmid < 1 AND page < 1
                THEN 'different: preprint of the paper'
            WHEN correction <> 0 AND title_same AND doi < 1 AND pmid < 1
                THEN 'different: correction of the paper'
            -- the same identifier
            WHEN pmid = 1 AND (title_alike >= $title_akin OR title_missing OR translated)
                AND (authors_agree OR title_same)
                AND (tokens_agree OR title_same)
                THEN 'duplicate: same PubMed id'
            WHEN doi = 1 AND title_alike >= $title_akin AND (authors_agree OR title_same)
                AND (tokens_agree OR title_same OR page = 1)
                -- parts of a series are given one another's DOI, and abstracts that of the article
                AND (numbers_agree OR title_opens OR (page = 1 AND (title_alike >= $title_near OR journal_akin OR volume = 1)))
                AND NOT (page = -1 AND supplement AND NOT same_title)
                AND NOT (page = -1 AND (volume = -1 OR generic OR NOT authors_agree OR title_alike < $title_equal)
                    AND NOT (tokens_agree AND title_alike >= $title_near AND authors_agree
                        AND volume = 1 AND issue = 1 AND journal_same))
                THEN 'duplicate: same DOI'
            WHEN doi = 1 AND title_alike >= $title_related AND first_author >= 0 AND authors_agree AND page = 1 AND volume >= 0
                AND (journal_akin OR volume = 1)
                THEN 'duplicate: same DOI and page'
            WHEN abstract_of_meeting <> 0 AND bare AND title_same AND title_length >= $telling_length AND tokens_agree
                AND authors_agree AND first_author >= 0 AND volume = 1 AND years_apart = 0 AND journal_same AND page = 0 AND doi = 0
                THEN 'duplicate: same title, bare record'
            WHEN abstract_of_meeting <> 0 AND page < 1 AND doi < 1 AND issue < 1 AND coalesce(abstract_alike, 0) < $abstract_equal
                AND title_same AND authors_agree
                THEN 'unsure: article or meeting abstract'
            -- the same title at the same place
            WHEN title_same AND page = 1 AND volume = 1 AND years = 0 AND journal_akin
                AND (NOT generic OR authors_agree) AND type_words_agree AND (numbers_agree OR title_length >= $telling_length)
                THEN 'duplicate: same title and place'
            WHEN title_same AND tokens_agree AND authors_agree AND doi >= 0 AND page >= 0 AND volume >= 0
                AND (years = 0 OR (years = 1 AND (volume = 1 OR page = 1))) AND journal_akin AND NOT (generic AND page = 0)
                THEN 'duplicate: same title, nothing differs'
            WHEN title_same AND tokens_agree AND authors_agree AND page = 1 AND (volume = 1 OR years <= 1)
                AND (doi >= 0 OR (journal_akin AND volume = 1)) AND (NOT generic OR volume = 1)
                THEN 'duplicate: same title and page'
            WHEN title_same AND tokens_agree AND authors_agree AND doi >= 0 AND against <= 1 AND in_favour >= 3
                AND page >= 0 AND NOT generic
                THEN 'duplicate: same title, one slip'
            WHEN same_title AND title_length >= $title_opening AND tokens_agree AND NOT generic AND NOT supplement
                AND first_author >= 0 AND coalesce(authors_shared, 0) >= $authors_nearly_all
                AND volume = 1 AND issue >= 0 AND years_apart = 0 AND journal_same AND doi >= 0
                THEN 'duplicate: same title and volume'
            WHEN title_same AND tokens_agree AND authors_agree AND NOT journal_known
                AND (first_author = 1 OR (authors_shared >= $authors_nearly_all AND fewest_names >= 2))
                AND (years_apart = 0 OR (years_apart = 1 AND fewest_authors >= 2 AND title_length >= $title_opening))
                AND doi >= 0 AND against = 0 AND NOT generic AND title_length >= $telling_length
                THEN 'duplicate: same title, authors and year'
            WHEN title_opens AND first_author = 1 AND authors_agree AND page_tells AND volume = 1 AND years = 0 AND doi >= 0
                AND journal_akin
                THEN 'duplicate: shortened title, same place'
            WHEN subtitle_missing AND authors_agree AND page_tells AND years <= 1
                AND (volume = 1 OR doi = 1 OR journal_same OR same_page_range)
                AND volume >= 0 AND doi >= 0 AND NOT generic
                THEN 'duplicate: subtitle missing, same page'
            WHEN title_alike >= $title_near AND tokens_agree AND authors_agree AND page_tells AND volume >= 0 AND years <= 1
                AND doi >= 0 AND (journal_akin OR (same_page_range AND NOT journal_known)) AND NOT generic AND NOT subtitles_differ
                THEN 'duplicate: near title, same page'
            WHEN title_alike >= $title_akin AND authors_agree AND first_author = 1 AND page_tells AND volume = 1 AND years = 0
                AND doi >= 0 AND journal_akin AND ((tokens_agree AND NOT subtitles_differ) OR several_pages)
                THEN 'duplicate: reworded title, same place'
            WHEN title_same AND tokens_agree AND authors_agree AND doi >= 0 AND journal_same
                AND years <= 2 AND volume >= 0 AND issue >= 0 AND page >= 0 AND (volume = 1 OR issue = 1 OR page = 1)
                AND NOT generic
                THEN 'duplicate: same title and journal, other year'
            WHEN title_same AND tokens_agree AND coalesce(abstract_alike, 0) >= $abstract_equal AND authors_agree
                AND journal_same AND years <= 1 AND against <= 1 AND (doi >= 0 OR (page = 1 AND years = 0))
                AND (page >= 0 OR (years = 0 AND volume = 1))
                -- one abstract may be given at two meetings
                AND NOT (supplement AND (volume = -1 OR page = -1))
                THEN 'duplicate: same title and abstract'
            WHEN coalesce(abstract_alike, 0) = 1 AND abstract_length >= $abstract_compared AND page = 1 AND several_pages
                AND volume = 1 AND issue >= 0 AND years_apart = 0 AND type_words_agree AND (first_author = 1 OR same_title)
                THEN 'duplicate: same abstract and place'
            -- a journal that prints a paper again by mistake, under another DOI: not a column, whose texts differ
            WHEN same_title AND title_length >= $telling_length AND abstract_alike = 1 AND abstract_length >= $abstract_compared
                AND first_author = 1 AND authors_shared = 1 AND fewest_names >= 2 AND tokens_agree AND journal_known AND journal_same
                AND years <= 1 AND issue >= 0 AND several_pages AND NOT generic AND NOT supplement
                THEN 'duplicate: same text in the same journal'
            WHEN (translated OR title_missing) AND coalesce(authors_shared, 0) >= $authors_nearly_all AND first_author = 1
                AND (fewest_names >= 2 OR issue = 1 OR title_missing) AND page = 1 AND volume = 1 AND years = 0
                AND journal_akin AND doi >= 0 AND (several_pages OR issue = 1)
                THEN 'duplicate: translated title, same place'
            WHEN same_page_range AND page_digits > 1 AND first_author = 1
                AND coalesce(authors_shared, 0) >= $authors_nearly_all AND volume = 1 AND issue = 1 AND years_apart = 0
                AND journal_known AND journal_akin AND doi >= 0 AND NOT generic AND NOT supplement
                THEN 'duplicate: same authors and page range'
            WHEN living AND title_same AND tokens_agree AND NOT kind_differs THEN CASE WHEN $versions_together
                THEN 'duplicate: version of the same review' ELSE 'different: other version of the review' END
            WHEN title_same AND authors_agree THEN 'unsure: same title'
            WHEN score >= $unsure_score THEN 'unsure: much in common'
            ELSE 'different: little in common'
        END AS verdict
    FROM scored
),
phrased AS (
    SELECT
        *,
        split_part(verdict, ': ', 1) AS outcome,
        split_part(verdict, ': ', 2) AS rule,
        list_filter([
            CASE WHEN first_author = 1 THEN 'first author' END,
            CASE WHEN years_apart = 0 THEN 'year' END,
            CASE WHEN journal_known AND journal_same THEN 'journal' END,
            CASE WHEN volume = 1 THEN 'volume' END,
            CASE WHEN issue = 1 THEN 'issue' END,
            CASE WHEN page = 1 THEN 'page' END
        ], lambda x: x IS NOT NULL) AS agreeing,
        list_filter([
            CASE WHEN doi = -1 THEN 'DOI' END,
            CASE WHEN pmid = -1 THEN 'PubMed id' END,
            CASE WHEN NOT authors_agree THEN 'authors' WHEN first_author = -1 THEN 'first author' END,
            CASE WHEN years_apart > 0 THEN 'year (' || years_apart || ' apart)' END,
            CASE WHEN journal_known AND NOT journal_akin THEN 'journal' END,
            CASE WHEN volume = -1 THEN 'volume' END,
            CASE WHEN issue = -1 THEN 'issue' END,
            CASE WHEN page = -1 THEN 'page' END,
            CASE WHEN another_word THEN 'a word of the title' END,
            CASE WHEN NOT numbers_agree THEN 'numbers in the title' END,
            CASE WHEN subtitles_differ THEN 'subtitle' END,
            CASE WHEN NOT type_words_agree THEN 'kind of piece (reply, erratum, protocol …)' END
        ], lambda x: x IS NOT NULL) AS differing
    FROM ruled
)
SELECT
    * EXCLUDE (verdict, agreeing, differing),
    outcome = 'different' AND rule <> 'little in common' AS veto,
    -- what may be one paper by itself, but must not become one by a chain through a third record
    outcome <> 'duplicate' AND ((outcome = 'different' AND rule <> 'little in common') OR (doi = -1 AND page = -1)) AS barrier,
    concat_ws('; ',
        CASE WHEN doi = 1 THEN 'same DOI' END,
        CASE WHEN pmid = 1 THEN 'same PubMed id' END,
        CASE
            WHEN title_missing THEN 'a title is missing'
            WHEN same_title THEN 'same title'
            WHEN title_alike >= 0.995 THEN 'same main title'
            ELSE 'titles ' || printf('%.2f', title_alike) || ' alike'
        END,
        CASE len(agreeing)
            WHEN 0 THEN NULL
            WHEN 1 THEN agreeing[1] || ' agrees'
            ELSE array_to_string(agreeing[:-2], ', ') || ' and ' || agreeing[-1] || ' agree'
        END,
        CASE WHEN abstract_alike >= $abstract_equal THEN 'same abstract' END,
        CASE len(differing)
            WHEN 0 THEN NULL
            WHEN 1 THEN differing[1] || ' differs'
            ELSE array_to_string(differing[:-2], ', ') || ' and ' || differing[-1] || ' differ'
        END
    ) AS explanation
FROM phrased;
