import {
  contentDigests,
  highestSent,
  type Message,
  type MessageId,
  type MessageToRecord,
  noteMoved,
  type Position,
  placeMessage,
  previewOf,
  type UserId,
} from '@chasqui/domain';
import type { RecordOutcome, UnreadState } from '@chasqui/ports';
import type { Row, Statement } from '../engine/index.ts';
import { Appender, Kind } from './inbox-entries.ts';
import { type Head, saveHeads } from './inbox-heads.ts';
import { type Side, saveSides } from './session-rows.ts';

/** A key whose window is over is taken over. */
const SAVE_KEYS = `INSERT INTO dedup (sender_key, message_id, digest, sender_position, receiver_position, at) VALUES ?
  ON DUPLICATE KEY UPDATE message_id = VALUES(message_id), digest = VALUES(digest),
  sender_position = VALUES(sender_position), receiver_position = VALUES(receiver_position), at = VALUES(at)`;

/** What the first recording of a (sender, clientMessageId) returned. */
export interface FirstRecording {
  messageId: MessageId;
  digest: string;
  senderPosition: Position;
  receiverPosition: Position;
}

/** Everything that a batch looks at, as it is while the batch has its users locked. */
export interface BatchState {
  heads: ReadonlyMap<UserId, Head>;
  /** By `sideKey`. */
  sides: Map<string, Side>;
  /** Within the dedup window, by `senderKey`. */
  first: Map<string, FirstRecording>;
}

export function senderKey({ from, clientMessageId }: Pick<Message, 'from' | 'clientMessageId'>): string {
  return `${from} ${clientMessageId}`;
}

export function sideKey({ conversationId, userId }: Pick<Side, 'conversationId' | 'userId'>): string {
  return `${conversationId} ${userId}`;
}

/** Records messages one after another in memory, and then tells what to write: each row once, however often it changed. */
export class RecordBatch {
  readonly #state: BatchState;
  readonly #appender: Appender;
  readonly #now: number;
  readonly #changed = new Set<Side>();
  readonly #keys: Row[] = [];

  constructor(state: BatchState, now: number) {
    this.#state = state;
    this.#now = now;
    this.#appender = new Appender(now);
  }

  /** See `SessionStore.record`. */
  record(message: MessageToRecord): RecordOutcome {
    const { from, to, conversationId, clientMessageId } = message;
    const digests = contentDigests(message);
    const known = this.#state.first.get(senderKey(message));
    if (known !== undefined && !digests.includes(known.digest))
      return { result: 'conflict', messageId: known.messageId };
    const [sender, receiver] = [this.#head(from), this.#head(to)];
    const [own, theirs] = [this.#side(message, from), this.#side(message, to)];
    if (known !== undefined) {
      const { messageId, senderPosition, receiverPosition } = known;
      this.#noteMoved(own, message.messageId, messageId);
      return { result: 'duplicate', messageId, senderPosition, receiverPosition, unread: unreadOf(theirs, receiver) };
    }
    const { messageId, order } = placeMessage(own.sent, theirs.sent, message, this.#now);
    const isLate = messageId < highestSent(own.sent);
    const entry = { conversationId, messageId, body: clientMessageId };
    const senderPosition = this.#appender.append(sender, { ...entry, kind: Kind.outgoing, previous: 0 });
    const incoming = { ...entry, kind: Kind.incoming, previous: isLate ? -theirs.incoming : theirs.incoming };
    const receiverPosition = message.silenced ? 0 : this.#appender.append(receiver, incoming);
    own.sent = order;
    this.#touch(own, message, messageId);
    if (!message.silenced) {
      theirs.incoming = receiverPosition;
      if (messageId > theirs.readUpTo) {
        theirs.unread++;
        receiver.unread++;
      }
      this.#touch(theirs, message, messageId);
    }
    const [digest] = digests;
    const first = { messageId, digest, senderPosition, receiverPosition };
    this.#state.first.set(senderKey(message), first);
    this.#keys.push([senderKey(message), messageId, digest, senderPosition, receiverPosition, this.#now]);
    return { result: 'recorded', messageId, senderPosition, receiverPosition, unread: unreadOf(theirs, receiver) };
  }

  /** None when every message was there before. */
  writes(): Statement[] {
    const sides = this.#changed.size === 0 ? [] : [saveSides([...this.#changed])];
    if (this.#keys.length === 0) return sides;
    return [
      ...this.#appender.statements(),
      ...sides,
      saveHeads(this.#appender.heads),
      { sql: SAVE_KEYS, values: [this.#keys] },
    ];
  }

  #head(userId: UserId): Head {
    return this.#state.heads.get(userId) as Head;
  }

  /** The user's side; of a new conversation, an empty one, which is written only when a message is recorded in it. */
  #side({ conversationId, sentAt }: Message, userId: UserId): Side {
    const key = sideKey({ conversationId, userId });
    let side = this.#state.sides.get(key);
    if (side === undefined) {
      side = {
        conversationId,
        userId,
        lastMessageId: '',
        lastOwn: false,
        preview: '',
        unread: 0,
        readUpTo: '',
        updatedAt: sentAt,
        sent: '',
        incoming: 0,
        trimmed: 0,
      };
      this.#state.sides.set(key, side);
    }
    return side;
  }

  #noteMoved(own: Side, from: MessageId, to: MessageId): void {
    const order = noteMoved(own.sent, from, to);
    if (order === own.sent) return;
    own.sent = order;
    this.#changed.add(own);
  }

  #touch(side: Side, { from, content, sentAt }: Message, messageId: MessageId): void {
    if (messageId > side.lastMessageId) {
      side.lastMessageId = messageId;
      side.lastOwn = side.userId === from;
      side.preview = previewOf(content);
    }
    side.updatedAt = Math.max(side.updatedAt, sentAt);
    this.#changed.add(side);
  }
}

function unreadOf({ userId, conversationId, unread }: Side, head: Head): UnreadState {
  return { userId, conversationId, count: unread, total: head.unread, position: head.head };
}
