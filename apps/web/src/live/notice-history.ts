import type { Notice } from '@chasqui/client';
import type { ConversationId, Position } from '@chasqui/domain';
import type { GroupsApi } from '../groups-api.ts';

/** Pages that are read one after the other. What is further back is read when the reader scrolls on. */
const MAX_PAGES = 10;

/** What happened in a group before this page synced its log, read as far back as its messages are loaded. */
export class NoticeHistory {
  readonly #groups: Pick<GroupsApi, 'notices'>;
  readonly #group: ConversationId;
  readonly #add: (notices: readonly Notice[]) => void;
  #before: Position | undefined;
  /** Unix ms: everything since then has been read. */
  #reached = Number.POSITIVE_INFINITY;
  #wanted = Number.POSITIVE_INFINITY;
  #reading = false;

  constructor(groups: Pick<GroupsApi, 'notices'>, group: ConversationId, add: (notices: readonly Notice[]) => void) {
    this.#groups = groups;
    this.#group = group;
    this.#add = add;
  }

  /** Reads what happened since then (Unix ms; 0: all). Errors: none; what could not be read is read with the next call. */
  async cover(since: number): Promise<void> {
    this.#wanted = Math.min(this.#wanted, since);
    if (this.#reading) return;
    this.#reading = true;
    try {
      for (let pages = 0; this.#reached > this.#wanted && pages < MAX_PAGES; pages++) await this.#read();
    } catch {
      // The messages are there without them.
    } finally {
      this.#reading = false;
    }
  }

  async #read(): Promise<void> {
    const { notices, nextBefore, since = 0 } = await this.#groups.notices(this.#group, this.#before);
    this.#before = nextBefore;
    this.#reached = nextBefore === undefined ? 0 : since;
    this.#add(notices);
  }
}
