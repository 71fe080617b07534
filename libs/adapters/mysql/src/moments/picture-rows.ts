import { ImError, type Picture, type PictureId, type UserId } from '@chasqui/domain';
import type { Answer, Statement } from '../engine/index.ts';

const UNPOSTED = `SELECT picture_id, body FROM moment_pictures
  WHERE picture_id IN (?) AND owner_id = ? AND state = 0 ORDER BY picture_id FOR UPDATE`;
export const TAKE = 'UPDATE moment_pictures SET state = 1, moment_id = ? WHERE picture_id IN (?)';
export const DISCARD = 'UPDATE moment_pictures SET state = 2, moment_id = NULL WHERE moment_id = ?';

/** Locks the pictures that a moment may take. */
export function selectUnposted(owner: UserId, pictureIds: readonly PictureId[]): Statement {
  return { sql: UNPOSTED, values: [pictureIds, owner] };
}

/** In the order of the moment. Errors: `not_found` if one of the pictures cannot be taken. */
export function postedBy(unposted: Answer | undefined, pictureIds: readonly PictureId[]): Picture[] {
  const bodies = new Map((unposted?.rows ?? []) as [PictureId, string][]);
  return pictureIds.map((id) => {
    const body = bodies.get(id);
    if (body === undefined) throw new ImError('not_found', `there is no picture ${id} to post`, { field: 'pictures' });
    return JSON.parse(body) as Picture;
  });
}
