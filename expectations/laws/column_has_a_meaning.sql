-- Every column of the warehouse is explained in meta.column.
WITH columns AS (
    SELECT schema_name || '.' || table_name AS "table", column_name AS "column"
    FROM duckdb_columns()
    WHERE schema_name IN ('staging', 'marts', 'meta')
),
explained AS (
    SELECT "table", "column" FROM meta.column WHERE trim(meaning) <> ''
),
final AS (
    SELECT columns.* FROM columns ANTI JOIN explained USING ("table", "column")
)
SELECT * FROM final
