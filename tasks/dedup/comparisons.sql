-- The words that the other steps are written in: how a text becomes comparable, and how two values are compared.

-- Empty strings are absent values.
CREATE OR REPLACE MACRO given(s) AS nullif(trim(s), '');

-- Lower case, no accents, no tags, no punctuation: "<i>Crème</i> brûlée!" becomes "creme brulee".
-- Spaces are not replaced by the first expression: most matches would be single spaces, and each match costs.
CREATE OR REPLACE MACRO plain_words(s) AS trim(regexp_replace(regexp_replace(lower(strip_accents(regexp_replace(
    CASE WHEN contains(s, '&') THEN replace(replace(replace(s, '&amp;', ' and '), '&lt;', '<'), '&gt;', '>') ELSE s END,
    '<[^>]{0,40}>', '', 'g'))), '[^\p{L}\p{N} ]+', ' ', 'g'), ' {2,}', ' ', 'g'));

-- The same without spaces, so that hyphens and line breaks do not count.
CREATE OR REPLACE MACRO letters(s) AS given(replace(plain_words(s), ' ', ''));

-- The first number in a text, without leading zeros: "S0498-9" becomes "498".
CREATE OR REPLACE MACRO first_number(s) AS given(ltrim(regexp_extract(s, '(\d+)', 1), '0'));

-- The numerals among words, small roman and written ones too, one after the other: " phase ii of 3 " becomes "23".
CREATE OR REPLACE MACRO numerals(words) AS CASE
    WHEN regexp_matches(words, ' (first|second|third|2nd|3rd|ii|iii|iv|v|vi) ') THEN regexp_replace(
        replace(replace(replace(replace(replace(replace(replace(replace(replace(replace(
        words, ' first ', ' 1 '), ' ii ', ' 2 '), ' 2nd ', ' 2 '), ' second ', ' 2 '), ' iii ', ' 3 '), ' 3rd ', ' 3 '),
        ' third ', ' 3 '), ' iv ', ' 4 '), ' v ', ' 5 '), ' vi ', ' 6 '), '[^0-9]+', '', 'g')
    WHEN regexp_matches(words, '[0-9]') THEN regexp_replace(words, '[^0-9]+', '', 'g')
    ELSE '' END;

-- 1 the same, -1 different, 0 where one of the two is absent.
CREATE OR REPLACE MACRO agreement(a, b) AS CASE WHEN a IS NULL OR b IS NULL THEN 0 WHEN a = b THEN 1 ELSE -1 END;

-- One text begins with the other, which has at least so many letters.
CREATE OR REPLACE MACRO opens(a, b, least_letters) AS
    coalesce((starts_with(a, b) OR starts_with(b, a)) AND least(length(a), length(b)) >= least_letters, false);

-- One text ends with the other.
CREATE OR REPLACE MACRO closes(a, b) AS coalesce(ends_with(a, b) OR ends_with(b, a), false);

-- Share of equal letters (1 - edit distance / length), of the first so many letters; 0 where the lengths already rule it out.
CREATE OR REPLACE MACRO likeness(a, b, compared, length_gap) AS CASE
    WHEN a = b THEN 1.0::DOUBLE
    WHEN abs(length(a) - length(b)) > length_gap * greatest(length(a), length(b)) THEN 0.0::DOUBLE
    ELSE 1 - levenshtein(a[:compared], b[:compared]) / greatest(length(a[:compared]), length(b[:compared]))::DOUBLE END;

-- Share of the shorter list that is also in the longer; NULL where one is empty.
CREATE OR REPLACE MACRO shared(a, b) AS
    CASE WHEN len(a) = 0 OR len(b) = 0 THEN NULL ELSE len(list_intersect(a, b)) / least(len(a), len(b))::DOUBLE END;

-- Word by word, one is the beginning of the other: "Br J Surg" and "British Journal Surgery".
CREATE OR REPLACE MACRO abbreviates(a, b) AS
    len(a) = len(b) AND len(list_filter(list_zip(a, b), lambda z: NOT (starts_with(z[1], z[2]) OR starts_with(z[2], z[1])))) = 0;

-- The same where one name goes on after the other ends: "Am J Physiol" and "American Journal of Physiology: Heart".
CREATE OR REPLACE MACRO begins(a, b, least_words) AS
    least(len(a), len(b)) >= least_words AND abbreviates(a[:least(len(a), len(b))], b[:least(len(a), len(b))]);

-- Share of the names (of four letters: "li" is in anything) that occur somewhere in a text without spaces.
CREATE OR REPLACE MACRO within(names, text) AS
    list_avg(list_transform(list_filter(names, lambda name: length(name) >= 4), lambda name: contains(text, name)::INT));

-- The words of a text that say something: of so many letters, "of" and "the" left out.
CREATE OR REPLACE MACRO telling(words, least_letters, small) AS
    list_filter(string_split(words, ' '), lambda word: length(word) >= least_letters AND NOT list_contains(small, word));

-- The first list has a word that is like no word of the second: "boys" beside "girls", not "tumour" beside "tumor".
CREATE OR REPLACE MACRO has_another(a, b, alike, stem) AS len(list_filter(a, lambda x: len(list_filter(b, lambda y:
    starts_with(y, x[:stem]) OR starts_with(x, y[:stem])
    OR levenshtein(x, y) <= (1 - alike) * greatest(length(x), length(y)))) = 0)) > 0;

-- 1 if only the first list has one of the words, -1 if only the second has.
CREATE OR REPLACE MACRO only_one(a, b, words) AS list_has_any(a, words)::INT - list_has_any(b, words)::INT;

-- The first letters of the words: "BMJ" of "British Medical Journal".
CREATE OR REPLACE MACRO initials(a) AS array_to_string(list_transform(a, lambda x: x[1]), '');

-- A blocking key of a review, from the facts that it consists of.
CREATE OR REPLACE MACRO key_of(review, facts) AS hash(review, facts);
