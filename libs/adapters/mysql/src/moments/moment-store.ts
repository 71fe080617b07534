import { ImError, MOMENT_LIMITS, type Moment, type MomentId, type NewMoment, type UserId } from '@chasqui/domain';
import type { MomentPage, MomentStore } from '@chasqui/ports';
import type { Database, Statement } from '../engine/index.ts';
import { lockPeople } from '../people/person.ts';
import { DISCARD, momentsOf, postedBy, selectMoments, selectUnposted, TAKE } from './rows.ts';

const COUNT = 'SELECT COUNT(*) FROM moments WHERE author_id = ?';
const INSERT =
  'INSERT INTO moments (moment_id, author_id, client_moment_id, body, pictures, is_chosen, at) VALUES (?, ?, ?, ?, ?, ?, ?)';
const CHOOSE = 'INSERT INTO moment_viewers (moment_id, place, user_id) VALUES ?';
const LOCK = 'SELECT author_id FROM moments WHERE moment_id = ? FOR UPDATE';
const DELETE = ['moments', 'moment_viewers', 'moment_likes', 'moment_comments'].map(
  (table) => `DELETE FROM ${table} WHERE moment_id = ?`,
);
const SEEN = `(is_chosen = 0 OR author_id = ? OR EXISTS
  (SELECT 1 FROM moment_viewers WHERE moment_viewers.moment_id = moments.moment_id AND user_id = ?))`;
const NEWEST = `SELECT moment_id FROM moments WHERE author_id IN (?) AND moment_id < ? AND moment_id >= ? AND ${SEEN}
  ORDER BY moment_id DESC LIMIT ?`;

const DAY_MS = 24 * 3600 * 1000;
/** How far back a page looks first. Each further look goes back four times as far, until the page is full. */
const FIRST_LOOK_MS = 8 * DAY_MS;
/** Sorts above every id. */
const NEWER_THAN_ALL = 'ffffffffffffffffffffffff';

/**
 * See `MomentStore.post`. An author's posts run one at a time; a retry finds what an unanswered attempt wrote by the
 * author's id.
 */
function post(database: Database, moment: NewMoment): Promise<Moment> {
  const { pictureIds, ...rest } = moment;
  const { momentId, author, clientMomentId, text, chosen, at } = rest;
  return database.transaction<Moment>(async (transaction) => {
    const reads: Statement[] = [
      ...selectMoments('author_id = ? AND client_moment_id = ?', [author, clientMomentId]),
      { sql: COUNT, values: [author] },
      ...(pictureIds.length === 0 ? [] : [selectUnposted(author, pictureIds)]),
    ];
    const { answers } = await lockPeople(transaction, [author], reads);
    const [found, viewers, counted, unposted] = answers;
    const [known] = momentsOf(found, viewers).values();
    if (known !== undefined) return { result: known, writes: [] };
    const { maxMomentsPerUser } = MOMENT_LIMITS;
    if (Number(counted?.rows[0]?.[0]) >= maxMomentsPerUser) {
      throw new ImError('limit_reached', `your moments: at most ${maxMomentsPerUser}`);
    }
    const pictures = postedBy(unposted, pictureIds);
    const row = [momentId, author, clientMomentId, text, JSON.stringify(pictures), chosen === null ? 0 : 1, at];
    const viewerRows = (chosen ?? []).map((userId, place) => [momentId, place, userId]);
    return {
      result: { ...rest, pictures, likes: 0, comments: 0 },
      writes: [
        { sql: INSERT, values: row },
        ...(viewerRows.length === 0 ? [] : [{ sql: CHOOSE, values: [viewerRows] }]),
        ...(pictureIds.length === 0 ? [] : [{ sql: TAKE, values: [momentId, pictureIds] }]),
      ],
    };
  });
}

function remove(database: Database, author: UserId, momentId: MomentId): Promise<boolean> {
  return database.transaction<boolean>(async (transaction, earlier) => {
    const [locked] = await transaction.query([{ sql: LOCK, values: [momentId] }]);
    const [owner] = locked?.rows[0] ?? [];
    if (owner !== author) return { result: owner === undefined && earlier === true, writes: [] };
    const deletes = DELETE.map((sql) => ({ sql, values: [momentId] }));
    return { result: true, writes: [...deletes, { sql: DISCARD, values: [momentId] }] };
  });
}

async function get(database: Database, momentIds: readonly MomentId[]): Promise<Map<MomentId, Moment>> {
  if (momentIds.length === 0) return new Map();
  return database.transaction(async (transaction) => {
    const [found, viewers] = await transaction.query(selectMoments('moment_id IN (?)', [momentIds]));
    return { result: momentsOf(found, viewers), writes: [] };
  });
}

/**
 * The ids of a page. Ids begin with their time, so a look reads of each author only what was posted in its period,
 * however much others posted.
 */
async function newest(
  database: Database,
  viewer: UserId,
  authors: readonly UserId[],
  { before = NEWER_THAN_ALL, limit }: MomentPage,
): Promise<MomentId[]> {
  const first = Math.min(Number.parseInt(before.slice(0, 12), 16), database.clock.now());
  for (let reachMs = FIRST_LOOK_MS; ; reachMs *= 4) {
    const since = Math.max(0, first - reachMs);
    const least = since.toString(16).padStart(12, '0');
    const { rows } = await database.run({ sql: NEWEST, values: [authors, before, least, viewer, viewer, limit] });
    if (rows.length >= limit || since === 0) return rows.map(([momentId]) => momentId as MomentId);
  }
}

export function createMomentStore(database: Database): MomentStore {
  return {
    post: (moment) => post(database, moment),
    async get(momentIds) {
      const found = await get(database, momentIds);
      return momentIds.map((momentId) => found.get(momentId) ?? null);
    },
    async page(viewer, authors, page) {
      if (authors.length === 0) return [];
      const ids = await newest(database, viewer, authors, page);
      const found = await get(database, ids);
      return ids.flatMap((momentId) => found.get(momentId) ?? []);
    },
    remove: (author, momentId) => remove(database, author, momentId),
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
