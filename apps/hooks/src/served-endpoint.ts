import type { Clock, Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { SavedProgress, WebhookLease, WebhookStore } from '@chasqui/ports';
import type { EndpointDelivery } from './endpoint-delivery.ts';
import type { HooksSettings } from './settings.ts';

export interface ServedEndpointOptions {
  delivery: EndpointDelivery;
  lease: WebhookLease;
  webhooks: Pick<WebhookStore, 'save' | 'list' | 'deadLetters'>;
  clock: Clock;
  logger: Logger;
  settings: Pick<HooksSettings, 'saveMs' | 'watchMs' | 'maxDeadLetters'>;
  /** Another process has the endpoint, or it was removed. */
  lost(): void;
}

/** Dead letters that are sent again together. */
const MAX_REPLAYED = 20;

/** An endpoint that this process serves: writes its progress, which also shows that the process lives. */
export class ServedEndpoint implements AsyncDisposable {
  readonly delivery: EndpointDelivery;
  readonly #options: ServedEndpointOptions;
  #lease: WebhookLease;
  /** It is unknown whether the last save succeeded. */
  #isUnsure = false;
  #isLost = false;
  #savedAt: number;
  #timer: Timer | undefined;
  #working: Promise<void> = Promise.resolve();
  #replaying: Promise<void> | undefined;

  constructor(options: ServedEndpointOptions) {
    this.#options = options;
    this.delivery = options.delivery;
    this.#lease = options.lease;
    this.#savedAt = options.clock.monotonic();
    this.#schedule();
  }

  /** Sends the dead letters again that somebody asked for. */
  replay(): void {
    const { logger } = this.#options;
    this.#replaying ??= this.#replay()
      .catch((error: unknown) => logger.debug({ err: error }, 'dead letters could not be sent again: trying later'))
      .finally(() => {
        this.#replaying = undefined;
      });
  }

  /** Ends the delivery, and gives the endpoint back unless another process has it. */
  async [Symbol.asyncDispose](): Promise<void> {
    const { logger } = this.#options;
    this.#timer?.cancel();
    await this.delivery[Symbol.asyncDispose]();
    await this.#replaying;
    await this.#working;
    if (this.#isLost) return;
    await this.#save('').catch((error: unknown) => {
      logger.warn({ err: error }, 'the progress of a webhook could not be saved: some events will be sent again');
    });
  }

  #schedule(): void {
    const { clock, settings } = this.#options;
    this.#timer = clock.after(settings.saveMs, () => {
      this.#working = this.#work();
    });
  }

  async #work(): Promise<void> {
    const { logger, lost } = this.#options;
    try {
      await this.#save(this.#lease.owner);
    } catch (error) {
      logger.warn({ err: error }, 'the progress of a webhook could not be saved: trying again');
    }
    if (this.#isLost) lost();
    else this.#schedule();
  }

  /** Nothing is written if nothing changed and the lease is young. Errors: `store_unavailable`. */
  async #save(owner: string): Promise<void> {
    const { webhooks, clock, settings } = this.#options;
    const { endpointId } = this.delivery.endpoint;
    if (this.#isUnsure && !(await this.#findLease(endpointId))) return;
    const unsaved = this.delivery.record.take();
    const isQuiet = unsaved.progress === undefined && owner === this.#lease.owner;
    if (isQuiet && clock.monotonic() < this.#savedAt + settings.watchMs) return;
    const save: SavedProgress = { from: this.#lease, owner, ...unsaved, maxDeadLetters: settings.maxDeadLetters };
    let lease: WebhookLease | null;
    try {
      lease = await webhooks.save(endpointId, save);
    } catch (error) {
      this.delivery.record.putBack(unsaved);
      this.#isUnsure = true;
      throw error;
    }
    if (lease === null) this.#isLost = true;
    else this.#lease = lease;
    this.#savedAt = clock.monotonic();
  }

  /** False: another process has the endpoint. */
  async #findLease(endpointId: string): Promise<boolean> {
    const { webhooks } = this.#options;
    const found = (await webhooks.list()).find(({ endpoint }) => endpoint.endpointId === endpointId);
    this.#isUnsure = false;
    if (found?.lease.owner === this.#lease.owner) this.#lease = found.lease;
    else this.#isLost = true;
    return !this.#isLost;
  }

  async #replay(): Promise<void> {
    const { webhooks, clock } = this.#options;
    const { record, endpoint } = this.delivery;
    const letters = await webhooks.deadLetters(endpoint.endpointId, { after: 0, limit: MAX_REPLAYED, replayed: true });
    for (const { event, position } of letters) {
      const logged = { event, position, loggedAt: clock.now() };
      const fault = await this.delivery.again(logged);
      if (fault === undefined) record.raised(position);
      else record.bury(logged, fault, clock.now());
    }
  }
}
