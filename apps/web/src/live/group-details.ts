import type { Client, GroupMember } from '@chasqui/client';
import type { ConversationId, UserId } from '@chasqui/domain';
import type { Api } from '../api.ts';
import { type GroupBody, GroupsApi } from '../groups-api.ts';
import { Store } from '../store.ts';

export interface Details {
  /** Undefined: not loaded, or the user may not see it. */
  group: GroupBody | undefined;
  /** The first ones, for their names. */
  members: readonly GroupMember[];
}

/** Time for changes to gather into one request. */
const SETTLE_MS = 300;

/** What the list does not have of an open group: its settings and the names of its members. */
export class GroupDetails extends Store<Details> {
  readonly #groups: GroupsApi;
  readonly #group: ConversationId;
  #version = -1;
  #settling: ReturnType<typeof setTimeout> | undefined;

  constructor(api: Api, client: Client, group: ConversationId, signal: AbortSignal) {
    super({ group: undefined, members: [] });
    this.#groups = new GroupsApi(api);
    this.#group = group;
    const end = client.on('group', ({ conversationId, head }) => {
      if (conversationId !== group || head.version === this.#version) return;
      this.#version = head.version;
      clearTimeout(this.#settling);
      this.#settling = setTimeout(() => void this.load(), SETTLE_MS);
    });
    signal.addEventListener('abort', () => {
      clearTimeout(this.#settling);
      end();
    });
    void this.load();
  }

  async load(): Promise<void> {
    const [group, page] = await Promise.all([
      this.#groups.read(this.#group).catch(() => undefined),
      this.#groups.members(this.#group).catch(() => undefined),
    ]);
    this.set({ group, members: page?.members ?? [] });
  }

  /** The name that others see; the id of a user who is not known here. */
  readonly nameOf = (userId: UserId): string =>
    this.get().members.find((member) => member.userId === userId)?.displayName ?? userId;
}
