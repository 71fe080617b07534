import { defaultSettings, type Group, groupLog } from '@chasqui/domain';
import { RecentMap } from '@chasqui/kit/base';
import type { Database, Row } from '../../sqlite/database.ts';
import { storedJson } from '../../sqlite/stored-json.ts';
import type { Conversations } from '../conversations/conversations.ts';

/** A group in the worker's memory. */
export interface GroupState {
  /** The number of its conversation. */
  readonly id: number;
  readonly log: string;
  /** Replaced with every change, never written to. */
  group: Group;
}

/** What each message changes of a group. */
export type LastMessage = Pick<Group, 'lastMessageId' | 'lastFrom' | 'preview' | 'updatedAt'>;

const CACHED = 10_000;
const COLUMNS = 'body, last_id, last_from, preview, updated_at';
const SELECT = `SELECT ${COLUMNS} FROM groups WHERE conversation = ?`;
const PAGE = 'SELECT conversation FROM groups WHERE conversation > ? ORDER BY conversation LIMIT ?';
const WRITE = `INSERT OR REPLACE INTO groups (conversation, dissolved_at, ${COLUMNS}) VALUES (?, ?, ?, ?, ?, ?, ?)`;
const SAVE = 'UPDATE groups SET (last_id, last_from, preview, updated_at) = (?, ?, ?, ?) WHERE conversation = ?';

function lastValues({ lastMessageId, lastFrom, preview, updatedAt }: LastMessage): [string, string, string, number] {
  return [lastMessageId, lastFrom, preview, updatedAt];
}

/** Groups: those in use are cached. Memory is authoritative for what messages change of the ones in `dirty`. */
export class Groups {
  readonly #db: Database;
  readonly #conversations: Conversations;
  readonly #cached = new RecentMap<string, GroupState>(CACHED);
  /** By conversation. They are not evicted. */
  readonly dirty = new Map<number, GroupState>();

  constructor(db: Database, conversations: Conversations) {
    this.#db = db;
    this.#conversations = conversations;
  }

  find(name: string): GroupState | undefined {
    const cached = this.#cached.get(name);
    if (cached !== undefined) return cached;
    const conversation = this.#conversations.find(name);
    return conversation === undefined ? undefined : this.#load(conversation.id, name);
  }

  /** Returns an existing group. */
  byId(id: number): GroupState {
    const { name } = this.#conversations.byId(id);
    const state = this.#cached.get(name) ?? this.#load(id, name);
    if (state === undefined) throw new Error(`group ${id} is not in the table`);
    return state;
  }

  /** In the order in which their conversations began: the groups after the one with this number. */
  after(id: number, limit: number): GroupState[] {
    return this.#db.all(PAGE, id, limit).map(([next]) => this.byId(next as number));
  }

  /** Writes a new group, or what a change left of one; what messages change of it is to be journaled. */
  write(group: Group): GroupState {
    const { id } = this.#conversations.obtain(group.conversationId);
    const state = this.find(group.conversationId) ?? this.#keep(id, group);
    state.group = group;
    const { lastMessageId, lastFrom, preview, updatedAt, ...body } = group;
    const last = lastValues({ lastMessageId, lastFrom, preview, updatedAt });
    this.#db.run(WRITE, id, group.dissolvedAt, JSON.stringify(body), ...last);
    return state;
  }

  /** Sets, in memory, what messages change. */
  setLast(state: GroupState, last: Partial<LastMessage>): void {
    state.group = { ...state.group, ...last };
    this.dirty.set(state.id, state);
  }

  save(state: GroupState): void {
    this.#db.run(SAVE, ...lastValues(state.group), state.id);
    this.dirty.delete(state.id);
  }

  clear(): void {
    this.#cached.clear();
    this.dirty.clear();
  }

  #load(id: number, name: string): GroupState | undefined {
    const known = this.dirty.get(id);
    if (known !== undefined) return known;
    const row = this.#db.get(SELECT, id);
    return row === undefined ? undefined : this.#keep(id, this.#groupOf(name, row));
  }

  #keep(id: number, group: Group): GroupState {
    const state = { id, log: groupLog(group.conversationId), group };
    this.#cached.set(group.conversationId, state);
    return state;
  }

  #groupOf(name: string, [body, ...last]: Row): Group {
    const [lastMessageId, lastFrom, preview, updatedAt] = last as ReturnType<typeof lastValues>;
    const rest = storedJson(
      this.#db,
      body as string,
      () => `group ${name}`,
      () => damagedGroup(name),
    );
    return { ...rest, lastMessageId, lastFrom, preview, updatedAt };
  }
}

/** Instead of a damaged row: a group that shows its members no more than their stays, and can be changed by nobody (C20). */
function damagedGroup(conversationId: string): Omit<Group, keyof LastMessage> {
  const settings: Group['settings'] = { ...defaultSettings(0), history: 'since_join' };
  const profile = { name: '', description: '', picture: '', owner: '' };
  return { conversationId, ...profile, settings, createdAt: 0, memberCount: 0, version: 0, dissolvedAt: 1 };
}
