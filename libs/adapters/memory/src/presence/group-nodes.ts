import { type Clock, type ConversationId, ImError } from '@chasqui/domain';
import type { GroupNodes } from '@chasqui/ports';

export interface MemoryGroupNodesOptions {
  clock: Clock;
  /**
   * Maximum number of subscriptions. At the bound, those that have lapsed are forgotten; then calls fail with
   * `presence_unavailable`. Default 1 000 000.
   */
  maxSubscriptions?: number;
}

/** How long a subscription lasts, ms. */
const LASTS_MS = 3_600_000;

/** Which nodes want which groups, in memory: soft state that ends with its process. */
export function createMemoryGroupNodes({ clock, maxSubscriptions = 1_000_000 }: MemoryGroupNodesOptions): GroupNodes {
  /** By group and node: the monotonic ms at which the subscription lapses. */
  const groups = new Map<ConversationId, Map<string, number>>();
  let size = 0;

  const remove = (group: ConversationId, nodeId: string): void => {
    const nodes = groups.get(group);
    if (nodes?.delete(nodeId)) size--;
    if (nodes?.size === 0) groups.delete(group);
  };
  const forgetLapsed = (): void => {
    for (const [group, nodes] of groups) {
      for (const [nodeId, until] of nodes) if (until <= clock.monotonic()) remove(group, nodeId);
    }
  };
  const add = (group: ConversationId, nodeId: string): void => {
    const until = clock.monotonic() + LASTS_MS;
    const nodes = groups.get(group);
    if (nodes?.has(nodeId)) {
      nodes.set(nodeId, until);
      return;
    }
    if (size >= maxSubscriptions) forgetLapsed();
    if (size >= maxSubscriptions) {
      throw new ImError('presence_unavailable', `${maxSubscriptions} subscriptions to groups are kept, and no more`);
    }
    size++;
    // Forgetting may have removed the group.
    const kept = groups.get(group) ?? new Map<string, number>();
    groups.set(group, kept.set(nodeId, until));
  };

  return {
    async subscribe(nodeId, wanted) {
      for (const group of wanted) add(group, nodeId);
    },
    async unsubscribe(nodeId, unwanted) {
      for (const group of unwanted) remove(group, nodeId);
    },
    async nodesOf(asked) {
      const now = clock.monotonic();
      return asked.map((group) =>
        [...(groups.get(group) ?? [])].flatMap(([nodeId, until]) => (until > now ? [nodeId] : [])),
      );
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
