import { setUnread } from '../stores/conversations/unread.ts';
import { setCountsInGroup } from '../stores/groups/recount-groups.ts';
import type { StoreData } from '../stores/store-context.ts';
import { openStoreEngine } from '../stores/store-engine.ts';
import type { StoreOperations } from '../stores/store-operations.ts';
import type { WorkerEngine } from '../worker-link/engine-worker.ts';

/** Operations that tests need beyond the ports. */
export type SpoilingStoreOperations = StoreOperations & {
  /** `mentions`: only in groups. */
  'test.spoil'(args: [userId: string, conversationId: string, count: number, mentions: number]): null;
};

/**
 * The engine of the stores with an operation that writes a wrong count, as a bug would. It never waits for others to share a
 * commit: the cases of a contract suite make one call after the other.
 */
export function openSpoilingStore(data: StoreData): WorkerEngine {
  const engine = openStoreEngine(data);
  const { store } = engine;
  return {
    ...engine,
    paceMs: 0,
    handlers: {
      ...engine.handlers,
      'test.spoil'([userId, conversationId, count, mentions]: Parameters<SpoilingStoreOperations['test.spoil']>[0]) {
        const group = store.groups.find(conversationId);
        const member = group && store.members.find(group.id, { conversationId, userId });
        if (group !== undefined && member !== undefined) {
          setCountsInGroup(store, group, member, { unread: count, mentions });
          return null;
        }
        const conversation = store.conversations.obtain(conversationId);
        const user = store.users.obtain(userId);
        setUnread(store, store.conversations.obtainEntry(conversation, user, 0), user, count);
        return null;
      },
    },
  };
}
