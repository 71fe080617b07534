import {
  type ConversationId,
  directUsers,
  groupOf,
  type LogId,
  type Mentions,
  type MessageContent,
  type MessageId,
  type Position,
  type UserId,
} from '@chasqui/domain';
import { type ConversationKey, directWith, keyOf } from './direct.ts';
import type { GroupHead } from './group-news.ts';
import type { Shown } from './shown-messages.ts';
import type { ClientStore } from './store.ts';

/** The inbox position of this device, with the inbox's user and epoch. */
export interface Head {
  userId: UserId | '';
  epoch?: string;
  position: Position;
}

/** The position of this device in a group's log. */
export interface LogPosition {
  position: Position;
  epoch?: string;
  /** Unix ms at which it was used last. */
  at: number;
}

/** A message that the server has not stored yet. */
export interface Unsent {
  clientMessageId: string;
  /** The message's number in the order of sending. */
  order: number;
  /** The receiver, or the log of the group. */
  to: LogId;
  content: MessageContent;
  mentions?: Mentions;
  /** Unix ms. */
  createdAt: number;
  /**
   * The highest id that its conversation showed when the message was written: it sorts after that id, also after a
   * restart (C5).
   */
  after?: MessageId;
  /** Present once the message is queued. */
  messageId?: MessageId;
  /** The server may have it: it was sent before, maybe by an earlier run of the program. */
  wasSent?: true;
}

/** Releases up to 0.1 wrote the other user's id in place of the conversation's id. */
type StoredShown = [ids: MessageId[], conversation: ConversationKey, position: Position | null, at: number];

/**
 * The client's persistent state. Outgoing messages are written at once. `flush` writes the position and the shown
 * messages, the shown messages first: a crash between the two writes neither shows a message twice nor skips one. The
 * same holds for the positions in logs of groups, and for the groups' heads and their cursor.
 */
export class DurableState {
  readonly #store: ClientStore;
  readonly #shown = new Map<string, string | null>();
  /** Other entries, by key. */
  readonly #others = new Map<string, string | null>();
  #head: string | undefined;

  /** `store` never throws. */
  constructor(store: ClientStore) {
    this.#store = store;
  }

  head(): Head {
    return (this.#read('head') as Head | undefined) ?? { userId: '', position: 0 };
  }

  /** In the order of sending. */
  unsent(): Unsent[] {
    return this.#all<Unsent>('out/')
      .map(([, unsent]) => unsent)
      .sort((a, b) => a.order - b.order);
  }

  shown(): Shown[] {
    const { userId } = this.head();
    return this.#all<StoredShown>('shown/').map(([identity, [ids, stored, position, at]]) => {
      const isFormer = directUsers(stored) === null && groupOf(stored) === null;
      const conversation = isFormer ? keyOf(directWith(userId, stored)) : stored;
      return { identity, ids, conversation, position, at, connection: 0 };
    });
  }

  /** As the server and the messages since said. */
  groups(): GroupHead[] {
    return this.#all<GroupHead>('group/').map(([, head]) => head);
  }

  /** The `cursor` of the heads. */
  groupsCursor(): number {
    return (this.#read('groups') as number | undefined) ?? 0;
  }

  /** The least recently used first. */
  positions(): [group: ConversationId, at: LogPosition][] {
    return this.#all<LogPosition>('log/').sort(([, a], [, b]) => a.at - b.at);
  }

  saveUnsent(unsent: Unsent): void {
    this.#store.set(`out/${unsent.clientMessageId}`, JSON.stringify(unsent));
  }

  removeUnsent(clientMessageId: string): void {
    this.#store.remove(`out/${clientMessageId}`);
  }

  noteShown(identity: string, entry: Shown | null): void {
    const value: StoredShown | null = entry && [entry.ids, entry.conversation, entry.position, entry.at];
    this.#shown.set(identity, value && JSON.stringify(value));
  }

  noteGroup(group: ConversationId, head: GroupHead | null): void {
    this.#others.set(`group/${group}`, head && JSON.stringify(head));
  }

  noteGroupsCursor(cursor: number): void {
    this.#others.set('groups', `${cursor}`);
  }

  notePosition(group: ConversationId, at: LogPosition | null): void {
    this.#others.set(`log/${group}`, at && JSON.stringify(at));
  }

  noteHead(head: Head): void {
    this.#head = JSON.stringify(head);
  }

  flush(): void {
    for (const [identity, value] of this.#shown) this.#put(`shown/${identity}`, value);
    this.#shown.clear();
    for (const [key, value] of this.#others) this.#put(key, value);
    this.#others.clear();
    if (this.#head !== undefined) this.#store.set('head', this.#head);
    this.#head = undefined;
  }

  /** Another user logged in: nothing in the store belongs to them. */
  clear(): void {
    this.#shown.clear();
    this.#others.clear();
    this.#head = undefined;
    for (const key of this.#store.keys()) this.#store.remove(key);
  }

  #all<T>(prefix: string): [name: string, value: T][] {
    return this.#store
      .keys()
      .filter((key) => key.startsWith(prefix))
      .map((key): [string, T | undefined] => [key.slice(prefix.length), this.#read(key) as T | undefined])
      .filter((pair): pair is [string, T] => pair[1] !== undefined);
  }

  /** A value that is not JSON is damaged or was written by other software: it counts as absent. */
  #read(key: string): unknown {
    const text = this.#store.get(key);
    if (text === null) return undefined;
    try {
      return JSON.parse(text);
    } catch {
      return undefined;
    }
  }

  #put(key: string, value: string | null): void {
    if (value === null) this.#store.remove(key);
    else this.#store.set(key, value);
  }
}
