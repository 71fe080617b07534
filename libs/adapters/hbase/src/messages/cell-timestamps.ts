import { MAX_REVISION, type MessageId, timeOf } from '@chasqui/domain';

// HBase shows of each column the value with the highest timestamp, whenever it was written. We give the timestamps: the
// message's own time plus what follows here. So what must win wins, whoever writes last, and no write reads before.

/** For this long after a message's time the first put of it wins over later ones, ms. Later puts hold the same anyway. */
const FIRST_WINS_MS = 24 * 3600 * 1000;

/** Between the timestamps of two revisions, ms; a former release gave the first one, a recall, this distance. */
const ACTION_MS = 10;

/** Of a put at the machine's time `now`: the earlier, the higher. */
export function putTime(messageId: MessageId, now: number): number {
  const sent = timeOf(messageId);
  const age = Math.min(Math.max(now - sent, 0), FIRST_WINS_MS);
  return sent + FIRST_WINS_MS - age;
}

/** Above every put; the further, the higher. `rank`: 1 to 3. */
export function statusTime(messageId: MessageId, rank: number): number {
  return timeOf(messageId) + FIRST_WINS_MS + rank;
}

/** Above every put, so that none brings the former content back; the later the revision, the higher. */
export function actionTime(messageId: MessageId, revision: number): number {
  return timeOf(messageId) + FIRST_WINS_MS + ACTION_MS * revision;
}

/** Above everything, so that nothing that was on its way comes after. */
export function removeTime(messageId: MessageId): number {
  return actionTime(messageId, MAX_REVISION + 1);
}
