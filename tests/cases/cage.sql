-- What a query of `newsduck sql` must not do, one a line. {secret} is a file with a secret in it, {folder} a folder to write
-- in, {warehouse} the file that is asked, {port} a server on loopback that counts who asks. None may give the secret, leave a trace, or ask anybody.
SELECT * FROM read_csv('{secret}')
SELECT * FROM read_csv_auto('{secret}')
SELECT * FROM read_text('{secret}')
SELECT * FROM read_blob('{secret}')
SELECT * FROM read_json('{secret}')
SELECT * FROM read_json_auto('{secret}')
SELECT * FROM read_ndjson('{secret}')
SELECT * FROM read_json_objects('{secret}')
SELECT * FROM read_ndjson_objects('{secret}')
SELECT * FROM read_parquet('{secret}')
SELECT * FROM parquet_metadata('{secret}')
SELECT * FROM parquet_schema('{secret}')
SELECT * FROM sniff_csv('{secret}')
SELECT * FROM '{secret}'
FROM '{secret}'
SELECT * FROM glob('{folder}/*')
SELECT * FROM glob('/etc/*')
SELECT * FROM read_text('/proc/self/environ')
SELECT * FROM read_blob('/proc/self/cmdline')
SELECT * FROM read_text('{folder}/../secret/token.txt')
SELECT * FROM read_csv('http://127.0.0.1:{port}/x.csv')
SELECT * FROM read_text('https://127.0.0.1:{port}/x')
SELECT * FROM read_parquet('s3://bucket/x.parquet')
SELECT * FROM 'http://127.0.0.1:{port}/x.parquet'
COPY articles TO '{folder}/out.csv'
COPY articles TO '{folder}/out.parquet' (FORMAT parquet)
COPY (SELECT 1) TO '{folder}/out.json'
COPY (SELECT 1) TO '/dev/stdout'
COPY articles FROM '{secret}'
COPY FROM DATABASE warehouse TO memory
EXPORT DATABASE '{folder}/dump'
IMPORT DATABASE '{folder}'
ATTACH '{folder}/new.duckdb'
ATTACH '{folder}/new.duckdb' AS other
ATTACH ':memory:' AS scratch
ATTACH 'http://127.0.0.1:{port}/x.duckdb' AS far
DETACH warehouse
INSTALL httpfs
INSTALL json FROM 'http://127.0.0.1:{port}'
LOAD httpfs
LOAD '{folder}/evil.duckdb_extension'
FORCE INSTALL httpfs
SET enable_external_access = true
SET lock_configuration = false
RESET enable_external_access
PRAGMA enable_external_access = true
SET temp_directory = '{folder}'
SET extension_directory = '{folder}'
SET home_directory = '{folder}'
SET log_query_path = '{folder}/log'
SET secret_directory = '{folder}'
SET memory_limit = '100GB'
SET allow_unsigned_extensions = true
SET threads = 1000
PRAGMA enable_profiling = 'json'
PRAGMA profiling_output = '{folder}/profile.json'
CREATE SECRET s (TYPE http, BEARER_TOKEN 'x')
CREATE PERSISTENT SECRET s (TYPE http, BEARER_TOKEN 'x')
CREATE TABLE taken AS SELECT 1
DROP TABLE articles
DELETE FROM articles
UPDATE articles SET title = 'x'
SELECT getenv('NEWSDUCK_TEST_SECRET')
COPY (SELECT 1) TO '{warehouse}' (FORMAT csv, USE_TMP_FILE false)
COPY (SELECT 1) TO '{warehouse}' (FORMAT parquet, USE_TMP_FILE false)
COPY (SELECT 1) TO '{warehouse}' (FORMAT json, USE_TMP_FILE false)
COPY (SELECT 1) TO '{warehouse}.wal' (FORMAT csv, USE_TMP_FILE false)
COPY (SELECT 1) TO '{warehouse}.wal.checkpoint' (FORMAT csv)
COPY (SELECT 1) TO 'data/warehouse.duckdb' (FORMAT csv, USE_TMP_FILE false)
COPY (SELECT 1) TO 'data/warehouse.duckdb.wal' (FORMAT csv, USE_TMP_FILE false)
EXPLAIN ANALYZE COPY (SELECT 1) TO '{warehouse}' (FORMAT csv, USE_TMP_FILE false)
PREPARE p AS COPY (SELECT 1) TO '{warehouse}' (FORMAT csv, USE_TMP_FILE false); EXECUTE p
WITH x AS (COPY (SELECT 1) TO '{warehouse}' (FORMAT csv, USE_TMP_FILE false)) FROM x
WITH x AS (COPY (SELECT 1) TO '{warehouse}.wal' (FORMAT csv, USE_TMP_FILE false)) FROM x
COPY (SELECT 1) TO (current_setting('temp_directory') || '/../warehouse.duckdb') (FORMAT csv, USE_TMP_FILE false)
