import type { HybridClock, Limits, NodeInfo } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MessageLocator, NodeRegistry } from '@chasqui/ports';

export interface IdClockOptions {
  ids: HybridClock;
  limits: Pick<Limits, 'maxClockAheadMs'>;
  logger: Logger;
}

/**
 * Keeps this node's ids behind those issued before it and elsewhere, and warns operators when they run far ahead of the
 * machine's clock: that clock was set back or is slow, or another node's clock is fast. Ids still rise, so the node
 * continues.
 */
export class IdClock {
  readonly #options: IdClockOptions;
  #isToldOff = false;

  constructor(options: IdClockOptions) {
    this.#options = options;
  }

  /**
   * Runs before the node takes anything: the machine's clock may have been set back since the last process ran. Never
   * rejects.
   */
  async catchUp(
    locator: Pick<MessageLocator, 'newest'> | undefined,
    registry: Pick<NodeRegistry, 'live'>,
  ): Promise<void> {
    const { ids, logger } = this.#options;
    const away = (error: unknown) => {
      logger.warn({ err: error }, 'the newest message id is unknown: ids start at the current time');
      return null;
    };
    const newest = locator?.newest().catch(away) ?? null;
    const peers = registry.live().catch(away);
    const id = await newest;
    if (id !== null) ids.observe(id);
    this.follow((await peers) ?? []);
  }

  /** Ids issued by other nodes may not have reached this node yet. */
  follow(nodes: readonly NodeInfo[]): void {
    for (const { lastId } of nodes) if (lastId !== undefined) this.#options.ids.observe(lastId);
  }

  /** What readiness says of a node that works. */
  degraded(): string[] {
    const { ids, limits } = this.#options;
    const aheadMs = ids.aheadMs();
    if (aheadMs <= limits.maxClockAheadMs) return [];
    return [`clock: message ids run ${Math.round(aheadMs / 1_000)} s ahead of it`];
  }

  /** Logs once that the clock is off, and once that it is right again. */
  tell(): void {
    const { ids, logger } = this.#options;
    const isOff = this.degraded().length > 0;
    if (isOff === this.#isToldOff) return;
    this.#isToldOff = isOff;
    const fields = { aheadMs: ids.aheadMs() };
    if (isOff)
      logger.error(fields, 'message ids are ahead of the clock: it was set back, or the clocks of the nodes differ');
    else logger.info(fields, 'message ids follow the clock again');
  }
}
