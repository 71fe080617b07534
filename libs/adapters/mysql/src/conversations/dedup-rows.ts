import {
  type ConversationId,
  decodePlaces,
  directPeer,
  encodePlaces,
  inboxOf,
  type Message,
  type MessageId,
  type Place,
  type PostRefusal,
  type UserId,
} from '@chasqui/domain';
import type { Answer, Row, Statement } from '../engine/index.ts';

// Only this file knows the columns of a first recording's row.

/** What the first recording of a (sender, clientMessageId) returned. */
export interface FirstRecording {
  messageId: MessageId;
  digest: string;
  /** The order of a group's log refused it. */
  refusal?: PostRefusal;
  /** The conversation of each place is not stored: it follows from the message that is sent again. */
  placesIn(conversationId: ConversationId, sender: UserId): readonly Place[];
}

/** Precedes the reason of a refusal, instead of places: no log's id begins so. */
const REFUSED = '!';
const SELECT = `SELECT sender_key, message_id, digest, places, sender_position, receiver_position FROM dedup
  FORCE INDEX (PRIMARY) WHERE sender_key IN (?) AND at > ?`;
/** A key whose dedup window has ended is reused. */
const SAVE = `INSERT INTO dedup (sender_key, message_id, digest, places, at) VALUES ?
  ON DUPLICATE KEY UPDATE message_id = VALUES(message_id), digest = VALUES(digest), places = VALUES(places), at = VALUES(at)`;

export function senderKey({ from, clientMessageId }: Pick<Message, 'from' | 'clientMessageId'>): string {
  return `${from} ${clientMessageId}`;
}

/** `since`: start of the dedup window, Unix ms. */
export function selectFirst(keys: readonly string[], since: number): Statement {
  return { sql: SELECT, values: [keys, since] };
}

/** The result is keyed by `senderKey`. */
export function firstOf(answer: Answer | undefined): Map<string, FirstRecording> {
  return new Map(
    answer?.rows.map((row) => {
      const [key, messageId, digest, places, own, theirs] = row as [string, string, string, string, number, number];
      if (places.startsWith(REFUSED)) {
        const refusal = places.slice(REFUSED.length) as PostRefusal;
        return [key, { messageId, digest, refusal, placesIn: () => [] }];
      }
      const placesIn = places === '' ? formerPlaces(own, theirs) : () => decodePlaces(places);
      return [key, { messageId, digest, placesIn }];
    }),
  );
}

interface FirstRow {
  messageId: MessageId;
  digest: string;
  /** Or why it was refused. */
  places: readonly Place[] | PostRefusal;
  at: number;
}

/** A row for `saveFirst`. */
export function firstRow(key: string, { messageId, digest, places, at }: FirstRow): Row {
  const kept = typeof places === 'string' ? REFUSED + places : encodePlaces(places);
  return [key, messageId, digest, kept, at];
}

export function saveFirst(rows: readonly Row[]): Statement {
  return { sql: SAVE, values: [rows] };
}

/**
 * Rows of 0.1, all of direct conversations, hold the sender's and the receiver's position; 0: the receiver never got
 * it.
 */
function formerPlaces(own: number, theirs: number): FirstRecording['placesIn'] {
  return (conversationId, sender) => {
    const places = [{ log: inboxOf(sender), position: own }];
    const receiver = directPeer(conversationId, sender);
    if (theirs > 0 && receiver !== null) places.push({ log: inboxOf(receiver), position: theirs });
    return places;
  };
}
