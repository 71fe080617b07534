import { formatMessageId, type MessageId, type MessageKind, type StoredMessage, type Timer } from '@chasqui/domain';
import type { Logger } from '@chasqui/kit';
import type { MessageStore, SweepProgress, SweepStore } from '@chasqui/ports';
import { type PacedRecallsOptions, recallPaced } from './paced-recalls.ts';

/** How long messages are kept, in ms, by the kind of their conversation; absent: for ever. */
export type RetentionByKind = { readonly [K in MessageKind]?: number };

export interface RetentionSweeperOptions extends PacedRecallsOptions {
  messages: Pick<MessageStore, 'get' | 'scan' | 'dropRecalled'>;
  sweeps: Pick<SweepStore, 'lead' | 'save'>;
  logger: Logger;
  retention: RetentionByKind;
}

const RETENTION_SWEEP = 'retention';
/** A round looks at one page: what it deletes is bounded by that, and so is what it costs others. */
const ROUND_MS = 500;
const PAGE = 500;
/** From the end of one sweep to the begin of the next. */
const PAUSE_MS = 3_600_000;
/** Another process leads if this one does nothing for so long; it says that it leads three times as often. */
const LEAD_MS = 30_000;
/** What was recalled is removed where the store can remove it at once, but nothing that is younger than this. */
const KEPT_EMPTY_MS = 60 * 24 * 3_600_000;

/**
 * Deletes messages that are older than their conversation's kind allows, for everybody, as the system does by recalls:
 * stores, logs, index, caches and devices follow on the road that they have. One process leads; it goes through the
 * message store page by page, the next when the messages of the one before are gone, and begins anew after a pause.
 */
export class RetentionSweeper implements AsyncDisposable {
  readonly #options: RetentionSweeperOptions;
  #timer: Timer | null = null;
  #round: Promise<void> = Promise.resolve();
  readonly #stop = new AbortController();
  #leadsSince = 0;
  #sweptAt = 0;
  #isFailing = false;

  constructor(options: RetentionSweeperOptions) {
    this.#options = options;
  }

  start(): void {
    if (this.#stop.signal.aborted || Object.keys(this.#options.retention).length === 0) return;
    this.#timer = this.#options.clock.after(ROUND_MS, () => {
      this.#round = this.#sweep().finally(() => this.start());
    });
  }

  /** Unix ms at which the last sweep was at its end; 0: none that this process knows of. */
  sweptAt(): number {
    return this.#sweptAt;
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stop.abort();
    this.#timer?.cancel();
    await this.#round;
  }

  async #sweep(): Promise<void> {
    const { signal } = this.#stop;
    try {
      await this.#sweepPage(signal);
      this.#isFailing = false;
    } catch (error) {
      if (signal.aborted) return;
      if (!this.#isFailing) this.#options.logger.warn({ err: error }, 'old messages cannot be deleted: retrying');
      this.#isFailing = true;
    }
  }

  async #sweepPage(signal: AbortSignal): Promise<void> {
    const { clock, messages, sweeps, nodeId } = this.#options;
    const progress = await this.#lead();
    if (progress === null) return;
    if (progress.cursor === null && progress.nextAt > 0) this.#sweptAt = progress.nextAt - PAUSE_MS;
    const now = clock.now();
    if (progress.nextAt > now) return;
    const { messages: page, cursor } = await messages.scan(progress.cursor, PAGE);
    const old = page.filter((message) => this.#isOver(message, now));
    if (!(await recallPaced(this.#options, old, { goOn: () => this.#stillLeads(), signal }))) return;
    const nextAt = cursor === null ? clock.now() + PAUSE_MS : 0;
    if (!(await sweeps.save(RETENTION_SWEEP, nodeId, { cursor, nextAt })) || cursor !== null) return;
    this.#sweptAt = clock.now();
    await this.#removeEmptied();
  }

  /** Content is gone whether or not this succeeds: it frees space. */
  async #removeEmptied(): Promise<void> {
    const { clock, messages, logger } = this.#options;
    try {
      await messages.dropRecalled?.(firstIdAt(clock.now() - KEPT_EMPTY_MS));
    } catch (error) {
      logger.warn(
        { err: error },
        'months whose messages are all deleted cannot be removed: trying after the next sweep',
      );
    }
  }

  async #lead(): Promise<SweepProgress | null> {
    const { clock, sweeps, nodeId } = this.#options;
    this.#leadsSince = clock.monotonic();
    return sweeps.lead(RETENTION_SWEEP, nodeId, clock.now(), clock.now() + LEAD_MS);
  }

  async #stillLeads(): Promise<boolean> {
    if (this.#options.clock.monotonic() - this.#leadsSince < LEAD_MS / 3) return true;
    return (await this.#lead()) !== null;
  }

  #isOver({ kind, sentAt, recalledAt }: StoredMessage, now: number): boolean {
    const kept = this.#options.retention[kind] ?? Number.POSITIVE_INFINITY;
    return recalledAt === undefined && sentAt < now - kept;
  }
}

function firstIdAt(millis: number): MessageId {
  return formatMessageId({ millis: Math.max(0, millis), counter: 0, tag: 0 });
}
