/** The tables of moments, since version 5 of store.db. Users are named by their ids here. */
export const MOMENTS_SCHEMA = `
-- chosen and pictures are lists as JSON; chosen is null where all contacts see it.
CREATE TABLE moments (
  id TEXT PRIMARY KEY, author TEXT NOT NULL, client_id TEXT NOT NULL, text TEXT NOT NULL, chosen TEXT,
  pictures TEXT NOT NULL, at INTEGER NOT NULL,
  likes INTEGER NOT NULL DEFAULT 0, likers INTEGER NOT NULL DEFAULT 0,  -- likers: rows of moment_likes
  comments INTEGER NOT NULL DEFAULT 0
) WITHOUT ROWID;
CREATE UNIQUE INDEX moments_author ON moments (author, id);
CREATE UNIQUE INDEX moments_client ON moments (author, client_id);

-- A like that was taken back stays, with liked 0: its author was told of it.
CREATE TABLE moment_likes (
  moment TEXT, user TEXT, at INTEGER NOT NULL, liked INTEGER NOT NULL, PRIMARY KEY (moment, user)
) WITHOUT ROWID;
CREATE TABLE moment_comments (
  moment TEXT, id TEXT, author TEXT NOT NULL, client_id TEXT NOT NULL, text TEXT NOT NULL, at INTEGER NOT NULL,
  PRIMARY KEY (moment, id)
) WITHOUT ROWID;
CREATE UNIQUE INDEX moment_comments_client ON moment_comments (moment, author, client_id);

-- state: see PictureState.
CREATE TABLE moment_pictures (
  id TEXT PRIMARY KEY, owner TEXT NOT NULL, state INTEGER NOT NULL, moment TEXT, body TEXT NOT NULL, at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX moment_pictures_moment ON moment_pictures (moment);
CREATE INDEX moment_pictures_state ON moment_pictures (state, at);
CREATE INDEX moment_pictures_owner ON moment_pictures (owner) WHERE state = 0;
`;
