import {
  addresseesOf,
  attachmentIdsOf,
  groupLog,
  highestSent,
  inboxOf,
  isGroupId,
  type LogId,
  type Message,
  type MessageId,
  type MessageToRecord,
  noteMoved,
  ownerOf,
  type Place,
  placeImported,
  placeMessage,
  previewOf,
  type UserId,
} from '@chasqui/domain';
import type { RecordOutcome, UnreadState } from '@chasqui/ports';
import { type Reference, refer } from '../attachments/references.ts';
import type { Row, Statement } from '../engine/index.ts';
import type { GroupBatch } from '../groups/record-in-group.ts';
import { type Head, saveHeads } from '../logs/log-heads.ts';
import { Appender, Kind } from '../logs/log-rows.ts';
import { type FirstRecording, firstRow, saveFirst, senderKey } from './dedup-rows.ts';
import { type Entry, emptyEntry, entryKey, saveEntries } from './entry-rows.ts';

/** The state that a batch works on, read while the batch holds the locks of its logs. */
export interface BatchState {
  heads: ReadonlyMap<LogId, Head>;
  /** Keyed by `entryKey`. */
  entries: Map<string, Entry>;
  /** Within the dedup window, keyed by `senderKey`. */
  first: Map<string, FirstRecording>;
  groups: GroupBatch;
}

/**
 * Records messages in memory, one after another, then returns the writes: one per row, however often the row changed.
 */
export class RecordBatch {
  readonly #state: BatchState;
  readonly #appender: Appender;
  readonly #now: number;
  readonly #changed = new Set<Entry>();
  readonly #keys: Row[] = [];
  readonly #references: Reference[] = [];

  constructor(state: BatchState, now: number) {
    this.#state = state;
    this.#now = now;
    this.#appender = new Appender(now);
  }

  /** See `ConversationStore.record`. */
  record(message: MessageToRecord): RecordOutcome {
    const outcome = this.#record(message);
    if (outcome.result !== 'recorded') return outcome;
    const { conversationId: holder, from: by, content } = message;
    const { messageId } = outcome;
    this.#references.push(...attachmentIdsOf(content).map((id) => ({ id, holder, messageId, by })));
    return outcome;
  }

  #record(message: MessageToRecord): RecordOutcome {
    const { from, conversationId, digests } = message;
    const known = this.#state.first.get(senderKey(message));
    if (known !== undefined && !digests.includes(known.digest))
      return { result: 'conflict', messageId: known.messageId };
    if (isGroupId(conversationId)) return this.#recordInGroup(message, known);
    const own = this.#entry(message, from);
    if (known !== undefined) {
      this.#noteMoved(own, message.messageId, known.messageId);
      const places = known.placesIn(conversationId, from);
      return { result: 'duplicate', messageId: known.messageId, places, unread: this.#unread(message, places) };
    }
    const others = addresseesOf(message).map((userId) => this.#entry(message, userId));
    const orders = others.map(({ sent }) => sent);
    const last = message.isImported ? [own.sent, ...orders].map(highestSent).sort().at(-1) : undefined;
    const given = last === undefined ? message.messageId : placeImported(last, message);
    if (given === null) return { result: 'out_of_order', messageId: message.messageId };
    const { messageId, order } = placeMessage(own.sent, orders, { ...message, messageId: given }, this.#now);
    const above = [own, ...others].filter(({ sent }) => messageId < highestSent(sent)).map(({ userId }) => userId);
    own.sent = order;
    this.#changed.add(own);
    const places = message.audience.map((log) => ({ log, position: this.#append(message, messageId, log, above) }));
    const first = { messageId, digest: digests[0], places, at: this.#now };
    this.#state.first.set(senderKey(message), { ...first, placesIn: () => places });
    this.#keys.push(firstRow(senderKey(message), first));
    return { result: 'recorded', messageId, places, unread: this.#unread(message, places) };
  }

  /** Empty if every message was recorded before. */
  writes(): Statement[] {
    const entries = this.#changed.size === 0 ? [] : [saveEntries([...this.#changed])];
    if (this.#keys.length === 0) return entries;
    const { heads } = this.#appender;
    return [
      ...this.#appender.statements(),
      ...entries,
      ...this.#state.groups.writes(),
      ...(heads.size === 0 ? [] : [saveHeads(heads)]),
      saveFirst(this.#keys),
      ...refer(this.#references),
    ];
  }

  #recordInGroup(message: MessageToRecord, known: FirstRecording | undefined): RecordOutcome {
    const { conversationId, from, digests } = message;
    if (known !== undefined) {
      const { messageId, refusal } = known;
      if (refusal !== undefined) return { result: 'refused', reason: refusal, messageId };
      return { result: 'duplicate', messageId, places: known.placesIn(conversationId, from), unread: [] };
    }
    const placed = this.#state.groups.place(message);
    if (placed.result === 'out_of_order') return placed;
    const { messageId } = placed;
    const first = { messageId, digest: digests[0], at: this.#now };
    if (placed.result === 'refused') {
      this.#state.first.set(senderKey(message), { ...first, refusal: placed.reason, placesIn: () => [] });
      this.#keys.push(firstRow(senderKey(message), { ...first, places: placed.reason }));
      return placed;
    }
    const log = groupLog(conversationId);
    const row = { conversationId, messageId, sender: from, body: message.clientMessageId, previous: 0 };
    const places = [{ log, position: this.#appender.append(this.#head(log), { ...row, kind: Kind.outgoing }) }];
    this.#state.first.set(senderKey(message), { ...first, placesIn: () => places });
    this.#keys.push(firstRow(senderKey(message), { ...first, places }));
    return { result: 'recorded', messageId, places, unread: [] };
  }

  /** `above`: who sent a message before that sorts after this one. */
  #append(message: Message, messageId: MessageId, log: LogId, above: readonly UserId[]): number {
    const { conversationId, from, clientMessageId } = message;
    const owner = ownerOf(log);
    const head = this.#head(log);
    const row = { conversationId, messageId, sender: from, body: clientMessageId };
    if (owner === null || owner === from) {
      if (owner !== null) this.#touch(this.#entry(message, owner), message, messageId);
      return this.#appender.append(head, { ...row, kind: Kind.outgoing, previous: 0 });
    }
    const entry = this.#entry(message, owner);
    // It sorts below another incoming message: a walk down from the last one must not stop here.
    const isLate = above.some((userId) => userId !== owner);
    const previous = isLate ? -entry.incoming : entry.incoming;
    entry.incoming = this.#appender.append(head, { ...row, kind: Kind.incoming, previous });
    if (messageId > entry.readUpTo) {
      entry.unread++;
      head.unread++;
    }
    this.#touch(entry, message, messageId);
    return entry.incoming;
  }

  #head(log: LogId): Head {
    return this.#state.heads.get(log) as Head;
  }

  /** The user's entry. For a new conversation it is empty, and written only once a message is recorded in it. */
  #entry({ conversationId, sentAt }: Message, userId: UserId): Entry {
    const key = entryKey({ conversationId, userId });
    let entry = this.#state.entries.get(key);
    if (entry === undefined) {
      entry = emptyEntry(conversationId, userId, sentAt);
      this.#state.entries.set(key, entry);
    }
    return entry;
  }

  #noteMoved(own: Entry, from: MessageId, to: MessageId): void {
    const order = noteMoved(own.sent, from, to);
    if (order === own.sent) return;
    own.sent = order;
    this.#changed.add(own);
  }

  #touch(entry: Entry, { from, content, sentAt }: Message, messageId: MessageId): void {
    if (messageId > entry.lastMessageId) {
      entry.lastMessageId = messageId;
      entry.lastFrom = from;
      entry.preview = previewOf(content);
    }
    entry.updatedAt = Math.max(entry.updatedAt, sentAt);
    this.#changed.add(entry);
  }

  #unread(message: Message, places: readonly Place[]): UnreadState[] {
    const states: UnreadState[] = [];
    for (const { log } of places) {
      const userId = ownerOf(log);
      if (userId === null || userId === message.from) continue;
      const { total, position } = this.#counts(inboxOf(userId));
      const { conversationId, unread: count } = this.#entry(message, userId);
      states.push({ userId, conversationId, count, total, position });
    }
    return states;
  }

  #counts(log: LogId): { total: number; position: number } {
    const head = this.#state.heads.get(log);
    return { total: head?.unread ?? 0, position: head?.head ?? 0 };
  }
}
