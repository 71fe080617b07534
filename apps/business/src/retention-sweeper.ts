import { type EventPublisher, recallBySystem } from '@chasqui/core';
import { type Clock, CONVERSATION_TOPIC, type MessageKind, type StoredMessage, type Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MessageStore, SweepStore } from '@chasqui/ports';

/** How long messages are kept, in ms, by the kind of their conversation; absent: for ever. */
export type RetentionByKind = { readonly [K in MessageKind]?: number };

export interface RetentionSweeperOptions {
  clock: Clock;
  messages: Pick<MessageStore, 'scan'>;
  sweeps: Pick<SweepStore, 'lead' | 'save'>;
  publisher: Pick<EventPublisher, 'publish'>;
  logger: Logger;
  nodeId: string;
  retention: RetentionByKind;
}

const RETENTION_SWEEP = 'retention';
/** A round looks at one page: what it deletes is bounded by that, and so is what it costs others. */
const ROUND_MS = 500;
const PAGE = 500;
/** From the end of one sweep to the begin of the next. */
const PAUSE_MS = 3_600_000;
/** Another process leads if this one does nothing for so long. */
const LEAD_MS = 30_000;

/**
 * Deletes messages that are older than their conversation's kind allows, for everybody, as the system does by recalls:
 * stores, logs, index, caches and devices follow on the road that they have. One process leads; it goes through the
 * message store page by page, and begins anew after a pause.
 */
export class RetentionSweeper implements AsyncDisposable {
  readonly #options: RetentionSweeperOptions;
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;

  constructor(options: RetentionSweeperOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stopped || Object.keys(this.#options.retention).length === 0) return;
    this.#timer = this.#options.clock.after(ROUND_MS, () => {
      this.#round = this.#sweep().finally(() => this.start());
    });
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#round;
  }

  async #sweep(): Promise<void> {
    const { clock, messages, sweeps, nodeId, logger } = this.#options;
    const now = clock.now();
    try {
      const progress = await sweeps.lead(RETENTION_SWEEP, nodeId, now, now + LEAD_MS);
      if (progress === null || progress.nextAt > now) return;
      const page = await messages.scan(progress.cursor, PAGE);
      await Promise.all(page.messages.filter((message) => this.#isOver(message, now)).map((one) => this.#delete(one)));
      const { cursor } = page;
      await sweeps.save(RETENTION_SWEEP, nodeId, { cursor, nextAt: cursor === null ? now + PAUSE_MS : 0 });
    } catch (error) {
      logger.debug({ err: error }, 'old messages could not be looked for: retrying');
    }
  }

  #isOver({ kind, sentAt, recalledAt }: StoredMessage, now: number): boolean {
    const kept = this.#options.retention[kind] ?? Number.POSITIVE_INFINITY;
    return recalledAt === undefined && sentAt < now - kept;
  }

  /** One that is lost is found again by the next sweep. */
  async #delete(message: StoredMessage): Promise<void> {
    const { publisher, clock, nodeId } = this.#options;
    const event = recallBySystem(message, { nodeId, at: clock.now() });
    await publisher.publish(CONVERSATION_TOPIC, message.conversationId, event);
  }
}
