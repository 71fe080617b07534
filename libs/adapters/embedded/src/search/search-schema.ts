/** The version of search.db. */
export const SEARCH_VERSION = 4;

/**
 * Each generation has its own tables; `live` is the one that is searched, and the next one may be under construction.
 */
export const SEARCH_SCHEMA = `
CREATE TABLE live (generation INTEGER NOT NULL);
CREATE TABLE generations (
  number INTEGER PRIMARY KEY,
  rules INTEGER NOT NULL,                -- see SEARCH_TOKEN_RULES
  resumable INTEGER NOT NULL DEFAULT 0,  -- of one that is being built: it is kept when its process ends
  cursor TEXT,                           -- how far that one is, in the message store
  gone INTEGER NOT NULL DEFAULT 0        -- documents that were removed or have moved: their words are still there
);`;

/** Created outside the schema's version. A row means that the live index is incomplete. */
export const REBUILD_DUE = 'CREATE TABLE IF NOT EXISTS rebuild_due (since INTEGER NOT NULL)';
