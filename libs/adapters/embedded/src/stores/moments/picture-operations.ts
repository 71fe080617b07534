import { ImError, MOMENT_LIMITS, type Picture, type PictureId } from '@chasqui/domain';
import type { Database } from '../../sqlite/database.ts';
import { storedJson } from '../../sqlite/stored-json.ts';
import type { Handlers } from '../../worker-link/caller.ts';
import type { MomentOperationsOf } from './moment-operations.ts';

/** Not in a moment yet, in one, or due for removal. */
const PictureState = { unposted: 0, posted: 1, due: 2 } as const;

const UNPOSTED = 'SELECT body FROM moment_pictures WHERE id = ? AND owner = ? AND state = 0';
const TAKE = 'UPDATE moment_pictures SET state = 1, moment = ? WHERE id = ?';
const NOTE = 'INSERT OR IGNORE INTO moment_pictures VALUES (?, ?, ?, NULL, ?, ?)';
const OTHERS = 'SELECT count(*) FROM moment_pictures WHERE owner = ? AND state = 0 AND id <> ?';
const KNOWN = 'SELECT 1 FROM moment_pictures WHERE id = ?';
const DUE = 'SELECT id FROM moment_pictures WHERE state = 2 ORDER BY at LIMIT ?';

/** Assigns the pictures to the moment. Errors: `not_found`, before anything is written. */
export function takePictures(db: Database, owner: string, ids: readonly PictureId[], momentId: string): Picture[] {
  const pictures = ids.map((id) => {
    const row = db.get(UNPOSTED, id, owner);
    const read = (text: string) =>
      storedJson<Picture | null>(
        db,
        text,
        () => `picture ${id}`,
        () => null,
      );
    const picture = row === undefined ? null : read(row[0] as string);
    if (picture === null) throw new ImError('not_found', `there is no picture ${id} to post`, { field: 'pictures' });
    return picture;
  });
  for (const id of ids) db.run(TAKE, momentId, id);
  return pictures;
}

export function discardPictures(db: Database, momentId: string): void {
  db.run('UPDATE moment_pictures SET state = ?, moment = NULL WHERE moment = ?', PictureState.due, momentId);
}

function note(db: Database, owner: string, picture: Picture, at: number): void {
  const { maxUnpostedPictures } = MOMENT_LIMITS;
  if (db.number(OTHERS, owner, picture.pictureId) >= maxUnpostedPictures) {
    throw new ImError('limit_reached', `your unposted pictures: at most ${maxUnpostedPictures}`);
  }
  db.run(NOTE, picture.pictureId, owner, PictureState.unposted, JSON.stringify(picture), at);
}

export function pictureOperations(db: Database): Handlers<MomentOperationsOf<'momentPictures'>> {
  return {
    'momentPictures.note'([owner, picture, at]) {
      note(db, owner, picture, at);
      return null;
    },
    'momentPictures.due'([unpostedBefore, limit]) {
      db.run('UPDATE moment_pictures SET state = 2 WHERE state = 0 AND at < ?', unpostedBefore);
      return db.all(DUE, limit).map(([id]) => id as string);
    },
    'momentPictures.known': (pictureIds) => pictureIds.filter((id) => db.get(KNOWN, id) !== undefined),
    'momentPictures.strike'(pictureIds) {
      for (const id of pictureIds) db.run('DELETE FROM moment_pictures WHERE id = ? AND state = 2', id);
      return null;
    },
  };
}
