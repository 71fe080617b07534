import type { Clock, Random, Timer, WebhookEndpoint } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { ServerEventStore, WebhookLease, WebhookStore } from '@chasqui/ports';
import { EndpointDelivery } from './endpoint-delivery.ts';
import type { HooksMetrics } from './hooks-metrics.ts';
import { ServedEndpoint } from './served-endpoint.ts';
import type { HooksSettings } from './settings.ts';
import type { WebhookSender } from './webhook-sender.ts';

export interface EndpointKeeperOptions {
  serverEvents: Pick<ServerEventStore, 'page' | 'ofKey'>;
  webhooks: WebhookStore;
  sender: WebhookSender;
  /** Names this process in leases. */
  nodeId: string;
  clock: Clock;
  random: Random;
  logger: Logger;
  metrics: HooksMetrics;
  settings: HooksSettings;
}

/**
 * Shares the endpoints between the processes: each is served by one of them. A process takes what nobody has, and what
 * a process has that was silent for a lease. Clocks are not compared: what counts is whether the beat moves.
 */
export class EndpointKeeper implements AsyncDisposable {
  readonly #options: EndpointKeeperOptions;
  readonly #served = new Map<string, ServedEndpoint>();
  /** The leases of other processes, and since when (monotonic ms) each is as it is. */
  readonly #seen = new Map<string, { lease: WebhookLease; since: number }>();
  readonly #ending = new Set<Promise<void>>();
  #timer: Timer | undefined;
  #watching: Promise<void>;
  #isDisposed = false;

  constructor(options: EndpointKeeperOptions) {
    this.#options = options;
    this.#watching = this.#watch();
  }

  get served(): Iterable<ServedEndpoint> {
    return this.#served.values();
  }

  /** There are new events. */
  wake(): void {
    for (const { delivery } of this.#served.values()) delivery.wake();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#isDisposed = true;
    this.#timer?.cancel();
    await this.#watching;
    for (const endpointId of [...this.#served.keys()]) this.#end(endpointId);
    await Promise.all(this.#ending);
  }

  async #watch(): Promise<void> {
    const { webhooks, clock, logger, settings } = this.#options;
    try {
      const found = await webhooks.list();
      const wanted = new Set(found.filter(({ endpoint }) => endpoint.disabled === null).map((one) => idOf(one)));
      for (const endpointId of [...this.#served.keys()]) if (!wanted.has(endpointId)) this.#end(endpointId);
      for (const one of found) if (wanted.has(idOf(one))) await this.#see(one);
    } catch (error) {
      logger.warn({ err: error }, 'the endpoints of webhooks could not be read: trying again');
    }
    if (this.#isDisposed) return;
    this.#timer = clock.after(settings.watchMs, () => {
      this.#watching = this.#watch();
    });
  }

  async #see({ endpoint, lease }: { endpoint: WebhookEndpoint; lease: WebhookLease }): Promise<void> {
    const { clock, settings } = this.#options;
    const { endpointId } = endpoint;
    const served = this.#served.get(endpointId);
    if (served !== undefined) {
      served.delivery.endpoint = endpoint;
      served.replay();
      return;
    }
    const seen = this.#seen.get(endpointId);
    const isSame = seen?.lease.owner === lease.owner && seen.lease.beat === lease.beat;
    const since = isSame ? seen.since : clock.monotonic();
    this.#seen.set(endpointId, { lease, since });
    if (lease.owner === '' || clock.monotonic() - since >= settings.leaseMs) await this.#take(endpoint, lease);
  }

  async #take(endpoint: WebhookEndpoint, from: WebhookLease): Promise<void> {
    const { webhooks, nodeId, settings } = this.#options;
    const { endpointId } = endpoint;
    const { maxDeadLetters } = settings;
    const lease = await webhooks.save(endpointId, { from, owner: nodeId, maxDeadLetters });
    const progress = lease === null ? null : await webhooks.progress(endpointId);
    if (lease === null || progress === null || this.#isDisposed) return;
    this.#seen.delete(endpointId);
    const delivery = new EndpointDelivery({
      ...this.#options,
      endpoint,
      progress,
      gone: () => this.#gone(endpointId),
    });
    const lost = () => this.#end(endpointId);
    this.#served.set(endpointId, new ServedEndpoint({ ...this.#options, delivery, lease, lost }));
  }

  #end(endpointId: string): void {
    const served = this.#served.get(endpointId);
    if (served === undefined) return;
    this.#served.delete(endpointId);
    const ending = served[Symbol.asyncDispose]().finally(() => this.#ending.delete(ending));
    this.#ending.add(ending);
  }

  /** Disables an endpoint whose receiver answered 410. Its events wait for as long as the log has them. */
  #gone(endpointId: string): void {
    const { webhooks, clock, logger } = this.#options;
    const endpoint = this.#served.get(endpointId)?.delivery.endpoint;
    if (endpoint === undefined) return;
    this.#end(endpointId);
    logger.warn({ endpointId }, 'a webhook endpoint answered 410 and is disabled');
    const disabled = { at: clock.now(), why: 'gone' } as const;
    const done = webhooks
      .put({ ...endpoint, disabled, version: endpoint.version + 1 })
      .then(
        () => {},
        (error: unknown) => logger.warn({ err: error }, 'a webhook endpoint could not be disabled: asking it again'),
      )
      .finally(() => this.#ending.delete(done));
    this.#ending.add(done);
  }
}

function idOf({ endpoint }: { endpoint: WebhookEndpoint }): string {
  return endpoint.endpointId;
}
