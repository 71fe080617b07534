import type { ConversationId, Position } from '@chasqui/domain';
import type { DurableState } from '../storing/durable-state.ts';
import type { GroupHead } from './group-news.ts';

/** The position of this device in a group's log. */
export interface LogPosition {
  position: Position;
  epoch?: string;
  /** Unix ms at which it was used last. */
  at: number;
}

/** What the client's store has of groups. What is noted is written with the next `flush`. */
export class StoredGroups {
  readonly #durable: DurableState;

  constructor(durable: DurableState) {
    this.#durable = durable;
  }

  /** As the server and the messages since said. */
  heads(): GroupHead[] {
    return this.#durable.all<GroupHead>('group/').map(([, head]) => head);
  }

  /** The `cursor` of the heads. */
  cursor(): number {
    return this.#durable.read<number>('groups') ?? 0;
  }

  /** The least recently used first. */
  positions(): [group: ConversationId, at: LogPosition][] {
    return this.#durable.all<LogPosition>('log/').sort(([, a], [, b]) => a.at - b.at);
  }

  noteHead(group: ConversationId, head: GroupHead | null): void {
    this.#durable.note(`group/${group}`, head);
  }

  noteCursor(cursor: number): void {
    this.#durable.note('groups', cursor);
  }

  notePosition(group: ConversationId, at: LogPosition | null): void {
    this.#durable.note(`log/${group}`, at);
  }
}
