import type { Clock, UserId } from '@chasqui/domain';
import { type Logger, withDeadline } from '@chasqui/kit';
import { type Delivery, NO_SESSION, type NodeRegistry, type PeerLink } from '@chasqui/ports';

export interface RelationNoticesOptions {
  nodes: Pick<NodeRegistry, 'live'>;
  peers: Pick<PeerLink, 'deliver'>;
  clock: Clock;
  logger: Logger;
}

/** How long a call waits for the nodes to get the notice, in ms. Later, a node notices the change by itself. */
const DEADLINE_MS = 500;

/**
 * Tells every Connect node that the blocks, contacts or privacy of users changed, so that its caches of them become
 * invalid at once. A node that gets no notice uses its caches for at most half a minute; so does a node that has just
 * started.
 */
export class RelationNotices {
  readonly #options: RelationNoticesOptions;

  constructor(options: RelationNoticesOptions) {
    this.#options = options;
  }

  /** Called after the store has the change. Never rejects. */
  async changed(...userIds: readonly UserId[]): Promise<void> {
    const { clock, logger } = this.#options;
    try {
      await withDeadline(clock, DEADLINE_MS, this.#tell(userIds));
    } catch (error) {
      logger.warn({ err: error }, 'a Connect node could not be told that blocks, contacts or privacy changed');
    }
  }

  async #tell(userIds: readonly UserId[]): Promise<void> {
    const { nodes, peers } = this.#options;
    const deliveries = userIds.map(
      (userId): Delivery => ({
        userId,
        frame: '',
        onlySession: NO_SESSION,
        relationsChanged: true,
      }),
    );
    const told = await Promise.allSettled((await nodes.live()).map((node) => peers.deliver(node, deliveries)));
    const failed = told.find(({ status }) => status === 'rejected');
    if (failed?.status === 'rejected') throw failed.reason;
  }
}
