import { ImError, MOMENT_LIMITS, type Picture, type PictureId, type UserId } from '@chasqui/domain';
import type { MomentPictures } from '@chasqui/ports';
import type { Database } from '../engine/index.ts';
import { lockPeople } from '../people/person.ts';

const OTHERS = 'SELECT COUNT(*) FROM moment_pictures WHERE owner_id = ? AND state = 0 AND picture_id <> ?';
const NOTE = `INSERT INTO moment_pictures (picture_id, owner_id, state, body, at) VALUES (?, ?, 0, ?, ?)
  ON DUPLICATE KEY UPDATE picture_id = VALUES(picture_id)`;
const GIVE_UP = 'UPDATE moment_pictures SET state = 2 WHERE state = 0 AND at < ? ORDER BY at LIMIT ?';
const DUE = 'SELECT picture_id FROM moment_pictures WHERE state = 2 ORDER BY at LIMIT ?';
const KNOWN = 'SELECT picture_id FROM moment_pictures WHERE picture_id IN (?)';
const STRIKE = 'DELETE FROM moment_pictures WHERE picture_id IN (?) AND state = 2';

/** Locks the owner's row of `people`, so that concurrent calls keep the bound. */
function note(database: Database, owner: UserId, picture: Picture, at: number): Promise<void> {
  return database.transaction<void>(async (transaction) => {
    const { pictureId } = picture;
    const { answers } = await lockPeople(transaction, [owner], [{ sql: OTHERS, values: [owner, pictureId] }]);
    const { maxUnpostedPictures } = MOMENT_LIMITS;
    if (Number(answers[0]?.rows[0]?.[0]) >= maxUnpostedPictures) {
      throw new ImError('limit_reached', `your unposted pictures: at most ${maxUnpostedPictures}`);
    }
    return { result: undefined, writes: [{ sql: NOTE, values: [pictureId, owner, JSON.stringify(picture), at] }] };
  });
}

export function createMomentPictures(database: Database): MomentPictures {
  return {
    note: (owner, picture, at) => note(database, owner, picture, at),
    async due(unpostedBefore, limit) {
      await database.run({ sql: GIVE_UP, values: [unpostedBefore, limit] });
      const { rows } = await database.run({ sql: DUE, values: [limit] });
      return rows.map(([id]) => id as PictureId);
    },
    async known(pictureIds) {
      if (pictureIds.length === 0) return [];
      const { rows } = await database.run({ sql: KNOWN, values: [pictureIds] });
      return rows.map(([id]) => id as PictureId);
    },
    async strike(pictureIds) {
      if (pictureIds.length > 0) await database.run({ sql: STRIKE, values: [pictureIds] });
    },
    ping: () => database.ping(),
    async [Symbol.asyncDispose]() {},
  };
}
