import { type Migration, TABLE } from './migration.ts';

/** Moments, likes, comments, and the list of pictures in the blob store. */
export const moments: Migration = {
  version: 5,
  name: 'moments',
  statements: [
    // Every write about a moment locks the moment's row first. Posting locks the author's row of `people`.
    `CREATE TABLE IF NOT EXISTS moments (
      moment_id CHAR(24) NOT NULL,
      author_id VARCHAR(64) NOT NULL,
      client_moment_id VARCHAR(64) NOT NULL,
      body MEDIUMTEXT NOT NULL COMMENT 'the text',
      pictures TEXT NOT NULL COMMENT 'as JSON',
      is_chosen TINYINT NOT NULL COMMENT '1: only those of moment_viewers see it',
      at BIGINT NOT NULL,
      likes INT NOT NULL DEFAULT 0,
      likers INT NOT NULL DEFAULT 0 COMMENT 'rows of moment_likes',
      comments INT NOT NULL DEFAULT 0,
      PRIMARY KEY (moment_id),
      UNIQUE KEY by_author (author_id, moment_id),
      UNIQUE KEY by_client_id (author_id, client_moment_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS moment_viewers (
      moment_id CHAR(24) NOT NULL,
      place INT NOT NULL,
      user_id VARCHAR(64) NOT NULL,
      PRIMARY KEY (moment_id, user_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS moment_likes (
      moment_id CHAR(24) NOT NULL,
      user_id VARCHAR(64) NOT NULL,
      at BIGINT NOT NULL,
      is_liked TINYINT NOT NULL COMMENT '0: taken back, after the author was told',
      PRIMARY KEY (moment_id, user_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS moment_comments (
      moment_id CHAR(24) NOT NULL,
      comment_id CHAR(24) NOT NULL,
      author_id VARCHAR(64) NOT NULL,
      client_comment_id VARCHAR(64) NOT NULL,
      body TEXT NOT NULL,
      at BIGINT NOT NULL,
      PRIMARY KEY (moment_id, comment_id),
      UNIQUE KEY by_client_id (moment_id, author_id, client_comment_id)
    ) ${TABLE}`,
    `CREATE TABLE IF NOT EXISTS moment_pictures (
      picture_id CHAR(32) NOT NULL,
      owner_id VARCHAR(64) NOT NULL,
      state TINYINT NOT NULL COMMENT '0: in no moment yet, 1: in one, 2: due to go',
      moment_id CHAR(24) NULL,
      body TEXT NOT NULL COMMENT 'as JSON',
      at BIGINT NOT NULL,
      PRIMARY KEY (picture_id),
      KEY by_owner (owner_id, state),
      KEY by_moment (moment_id),
      KEY by_state (state, at)
    ) ${TABLE}`,
  ],
};
