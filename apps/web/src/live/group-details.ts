import type { FullClient, GroupMember } from '@chasqui/client';
import type { ConversationId, UserId } from '@chasqui/domain';
import type { Api } from '../api.ts';
import { type GroupBody, GroupsApi } from '../groups-api.ts';
import { Store } from '../store.ts';

export interface Details {
  /** Undefined: not loaded, or the user may not see it. */
  group: GroupBody | undefined;
  /** Those whom the page has met: the first ones, and those whom it looked for. */
  members: readonly GroupMember[];
  /** The names of others whom the page has met: those behind the first ones, and those who have left. */
  names: ReadonlyMap<UserId, string>;
}

/** Members, and names of others, that are kept: the ones met last. */
const MAX_MET = 500;
/** Time for unknown users to gather, and how many are asked for at once. */
const GATHER_MS = 50;
const ASKED_AT_ONCE = 20;

/** Time for changes to gather into one request. */
const SETTLE_MS = 300;

/** What the list does not have of an open group: its settings and the names of its members. */
export class GroupDetails extends Store<Details> {
  readonly #api: Api;
  readonly #groups: GroupsApi;
  readonly #loading: Promise<void>;
  readonly #unknown = new Set<UserId>();
  #gathering: ReturnType<typeof setTimeout> | undefined;
  readonly #group: ConversationId;
  #version = -1;
  /** Nobody is behind the first page. */
  #isWhole = false;
  readonly #signal: AbortSignal;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api, client: FullClient, group: ConversationId, signal: AbortSignal) {
    super({ group: undefined, members: [], names: new Map() });
    this.#api = api;
    this.#signal = signal;
    this.#groups = new GroupsApi(api);
    this.#group = group;
    const end = client.on('group', ({ conversationId, head }) => {
      if (conversationId !== group || head === undefined || head.version === this.#version) return;
      this.#version = head.version;
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => void this.load(), SETTLE_MS);
    });
    signal.addEventListener('abort', () => {
      clearTimeout(this.#settling);
      clearTimeout(this.#gathering);
      end();
    });
    this.#loading = this.load();
  }

  async load(): Promise<void> {
    const [group, page] = await Promise.all([
      this.#groups.read(this.#group).catch(() => undefined),
      this.#groups.members(this.#group).catch(() => undefined),
    ]);
    const first = page?.members ?? [];
    this.#isWhole = page !== undefined && page.nextCursor === undefined;
    // Who was found for a mention that is being written stays known.
    this.set({ ...this.get(), group, members: this.#isWhole ? first : this.#met(first, this.get().members) });
  }

  /** Meets the members whose names or ids begin so. Errors: none; they stay unknown. */
  async find(text: string): Promise<void> {
    if (this.#isWhole) return;
    const page = await this.#groups.members(this.#group, text).catch(() => undefined);
    if (page !== undefined) this.set({ ...this.get(), members: this.#met(page.members, this.get().members) });
  }

  #met(fresh: readonly GroupMember[], others: readonly GroupMember[]): readonly GroupMember[] {
    const rest = others.filter(({ userId }) => !fresh.some((one) => one.userId === userId));
    return [...fresh, ...rest].slice(0, MAX_MET);
  }

  /** The name that others see. The id of a user who is not known here, until they are. */
  readonly nameOf = (userId: UserId): string => {
    const { members, names } = this.get();
    const known = members.find((member) => member.userId === userId)?.displayName ?? names.get(userId);
    if (known === undefined) this.#meet(userId);
    return known ?? userId;
  };

  #meet(userId: UserId): void {
    this.#unknown.add(userId);
    this.#gathering ??= setTimeout(() => void this.#ask(), GATHER_MS);
  }

  async #ask(): Promise<void> {
    // Most are among the first members.
    await this.#loading;
    for (const { userId } of this.get().members) this.#unknown.delete(userId);
    const asked = [...this.#unknown].slice(0, ASKED_AT_ONCE);
    const found = await Promise.all(
      // Who is not known to the server either keeps their id.
      asked.map((userId) => this.#api.user(userId).catch(() => ({ displayName: userId }))),
    );
    if (this.#signal.aborted) return;
    const names = new Map(this.get().names);
    for (const [at, userId] of asked.entries()) {
      this.#unknown.delete(userId);
      names.set(userId, found[at]?.displayName ?? userId);
    }
    this.set({ ...this.get(), names: new Map([...names].slice(-MAX_MET)) });
    this.#gathering = this.#unknown.size === 0 ? undefined : setTimeout(() => void this.#ask(), GATHER_MS);
  }
}
