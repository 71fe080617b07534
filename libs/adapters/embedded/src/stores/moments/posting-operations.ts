import { ImError, MOMENT_LIMITS, type Moment, type NewMoment, type Picture } from '@chasqui/domain';
import type { MomentPage } from '@chasqui/ports';
import type { Database, Row } from '../../sqlite/database.ts';
import { storedJson } from '../../sqlite/stored-json.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { MomentOperationsOf } from './moment-operations.ts';
import { discardPictures, takePictures } from './picture-operations.ts';

const COLUMNS = 'id, author, client_id, text, chosen, pictures, at, likes, comments';
const INSERT = `INSERT INTO moments (id, author, client_id, text, chosen, pictures, at) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const ONE = `SELECT ${COLUMNS} FROM moments WHERE id = ?`;
const SAME = `SELECT ${COLUMNS} FROM moments WHERE author = ? AND client_id = ?`;
/** The newest moments of one author; those of several authors are merged in memory. */
const OF_AUTHOR = `SELECT id FROM moments WHERE author = ?1 AND id < ?2 AND id > ?5 AND (chosen IS NULL OR author = ?3 OR
  EXISTS (SELECT 1 FROM json_each(iif(json_valid(chosen), chosen, '[]')) WHERE value = ?3)) ORDER BY id DESC LIMIT ?4`;

/** A damaged moment has no chosen contacts and no pictures. */
function momentOf(db: Database, row: Row): Moment {
  const [momentId, author, clientMomentId, text, chosen, pictures, at, likes, comments] = row;
  const list = <T>(json: unknown) =>
    storedJson<T[]>(
      db,
      json as string,
      () => `moment ${momentId}`,
      () => [],
    );
  return {
    momentId,
    author,
    clientMomentId,
    text,
    at,
    likes,
    comments,
    chosen: chosen === null ? null : list<string>(chosen),
    pictures: list<Picture>(pictures),
  } as Moment;
}

function post(db: Database, moment: NewMoment): Moment {
  const { momentId, author, clientMomentId, text, pictureIds, chosen, at } = moment;
  const known = db.get(SAME, author, clientMomentId);
  if (known !== undefined) return momentOf(db, known);
  const { maxMomentsPerUser } = MOMENT_LIMITS;
  if (db.number('SELECT count(*) FROM moments WHERE author = ?', author) >= maxMomentsPerUser) {
    throw new ImError('limit_reached', `your moments: at most ${maxMomentsPerUser}`);
  }
  const pictures = takePictures(db, author, pictureIds, momentId);
  const list = chosen === null ? null : JSON.stringify(chosen);
  db.run(INSERT, momentId, author, clientMomentId, text, list, JSON.stringify(pictures), at);
  return momentOf(db, db.get(ONE, momentId) ?? []);
}

function page(db: Database, viewer: string, authors: readonly string[], { before = '~', limit }: MomentPage): Moment[] {
  let newest: string[] = [];
  for (const author of new Set(authors)) {
    // Moments older than a full page of other authors' are not on the page.
    const least = newest[limit - 1] ?? '';
    const found = db.all(OF_AUTHOR, author, before, viewer, limit, least).map(([id]) => id as string);
    if (found.length === 0) continue;
    newest = [...newest, ...found].sort((a, b) => (a < b ? 1 : -1)).slice(0, limit);
  }
  return newest.map((id) => momentOf(db, db.get(ONE, id) ?? []));
}

function remove(db: Database, author: string, momentId: string): boolean {
  if (db.run('DELETE FROM moments WHERE id = ? AND author = ?', momentId, author) === 0) return false;
  db.run('DELETE FROM moment_likes WHERE moment = ?', momentId);
  db.run('DELETE FROM moment_comments WHERE moment = ?', momentId);
  discardPictures(db, momentId);
  return true;
}

export function postingOperations(db: Database): Handlers<MomentOperationsOf<'moments'>> {
  return {
    'moments.post': (moment) => post(db, moment),
    'moments.get': (momentIds) =>
      momentIds.map((momentId) => {
        const row = db.get(ONE, momentId);
        return row === undefined ? null : momentOf(db, row);
      }),
    'moments.page': ([viewer, authors, given]) => page(db, viewer, authors, given),
    'moments.remove': ([author, momentId]) => remove(db, author, momentId),
  };
}
