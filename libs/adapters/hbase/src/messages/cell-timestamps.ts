import { MAX_REVISION, type MessageId, timeOf } from '@chasqui/domain';

// HBase shows the value with the highest timestamp of each column, whenever it was written. We set the timestamps: the
// message's own time plus the offsets below. So the right value wins in any order of writes, and no write needs a read
// first.

/**
 * For this long after a message's time, its first put wins over later ones, ms. Later puts have the same content
 * anyway.
 */
const FIRST_WINS_MS = 24 * 3600 * 1000;

/** Distance between the timestamps of two revisions, ms. A former release used it for the first revision, a recall. */
const ACTION_MS = 10;

/** The timestamp of a put at time `now`: the earlier the put, the higher. */
export function putTime(messageId: MessageId, now: number): number {
  const sent = timeOf(messageId);
  const age = Math.min(Math.max(now - sent, 0), FIRST_WINS_MS);
  return sent + FIRST_WINS_MS - age;
}

/** Above every put; a further status is higher. `rank`: 1 to 3. */
export function statusTime(messageId: MessageId, rank: number): number {
  return timeOf(messageId) + FIRST_WINS_MS + rank;
}

/** Above every put, so that no put restores the former content; a later revision is higher. */
export function actionTime(messageId: MessageId, revision: number): number {
  return timeOf(messageId) + FIRST_WINS_MS + ACTION_MS * revision;
}

/** Above everything else, so that a late write cannot restore the message. */
export function removeTime(messageId: MessageId): number {
  return actionTime(messageId, MAX_REVISION + 1);
}
