import { type ConversationId, defined, type ImError, type Position } from '@chasqui/domain';
import type { ClientFrameOf, ServerFrameOf } from '@chasqui/protocol';
import { Alarm } from '../basics/alarm.ts';
import { fullJitter } from '../connection/backoff.ts';
import { serverError } from '../connection/server-error.ts';
import { keyOfId } from '../conversations/direct.ts';
import type { Core } from '../core.ts';
import type { LogTracker } from './log-tracker.ts';
import type { Receiver } from './receiver.ts';

/** The log that a syncer requests. */
export interface SyncedLog {
  /** The group whose log it is; null: the inbox. */
  group: ConversationId | null;
  /** Every ref of a request begins with this. No clientMessageId contains a `#`. */
  ref: string;
  /** Requests a page. */
  ask(request: Omit<ClientFrameOf<'sync_offline_messages'>, 'type'>): void;
  /** Nothing is left. */
  caughtUp(): void;
  /** The server refused for good. */
  refused(error: ImError): void;
  /** Time for a gap in the positions to close by itself before the client syncs. */
  gapMs: number;
  /** See `CLIENT_LIMITS.idleSyncMs`. */
  idleSyncMs: number;
  /** When a provisional message is not confirmed for this long, the log is synced. */
  checkMs: number;
}

/**
 * Requests a log page by page until the server says that nothing is left (C10): after each login, and when something is
 * missing.
 */
export class Syncer {
  readonly #core: Core;
  readonly #tracker: LogTracker;
  readonly #receiver: Receiver;
  readonly #log: SyncedLog;
  /** Repeats a request: after a back-off, when a gap stays open, or without an answer. */
  readonly #retry: Alarm;
  readonly #deadline: Alarm;
  readonly #gap: Alarm;
  readonly #idle: Alarm;
  readonly #grace: Alarm;
  /** The position when the idle alarm was set: if it has moved since, nothing was missed up to there. */
  #idleFrom = 0;
  #online = false;
  /** The ref of the requested page; undefined: none is in flight. */
  #asked: string | undefined;
  #count = 0;
  #failures = 0;
  /** A sync was requested while a page was in flight; that page may be older than the request. */
  #again = false;
  #backingOff = false;

  constructor(core: Core, tracker: LogTracker, receiver: Receiver, log: SyncedLog) {
    this.#core = core;
    this.#tracker = tracker;
    this.#receiver = receiver;
    this.#log = log;
    this.#retry = new Alarm(core.clock, () => {
      this.#backingOff = false;
      this.request();
    });
    this.#deadline = new Alarm(core.clock, () => this.#failed(0));
    this.#gap = new Alarm(core.clock, () => {
      if (this.#tracker.hasGap) this.request();
    });
    this.#grace = new Alarm(core.clock, () => this.request());
    this.#idle = new Alarm(core.clock, () => {
      if (this.#tracker.position === this.#idleFrom) this.request();
      else this.#watchIdle();
    });
  }

  get isOnline(): boolean {
    return this.#online;
  }

  /** The ref for the request of a page, which is now in flight. */
  newRef(): string {
    this.#asked = `${this.#log.ref}${++this.#count}`;
    return this.#asked;
  }

  /** Logged in: the first page is in flight if the login requested it, and is requested otherwise. */
  online(): void {
    this.#online = true;
    this.#failures = 0;
    if (this.#asked === undefined) this.#ask();
    else this.#deadline.set(this.#core.limits.syncTimeoutMs);
  }

  offline(): void {
    this.#online = false;
    this.#asked = undefined;
    this.#again = false;
    this.#backingOff = false;
    for (const alarm of [this.#retry, this.#deadline, this.#gap, this.#idle, this.#grace]) alarm.clear();
  }

  /** Syncs now, or after the page in flight; a pending back-off is kept. */
  request(): void {
    if (!this.#online || this.#backingOff) return;
    if (this.#asked !== undefined) this.#again = true;
    else this.#ask();
  }

  /** Positions are missing: syncs if they are still missing after the log's `gapMs`. */
  gapNoticed(): void {
    if (this.#online && this.#asked === undefined) this.#gap.set(this.#log.gapMs);
  }

  /** A provisional message is shown: a sync checks it if nothing confirms it. */
  provisionalShown(): void {
    if (this.#online) this.#grace.set(this.#log.checkMs);
  }

  page({ updates, position, epoch, caughtUp, reset, ref }: Omit<ServerFrameOf<'offline_messages'>, 'type'>): void {
    if (ref !== this.#asked && ref !== undefined) return;
    this.#answered();
    const before = this.#tracker.position;
    const foreign = this.#tracker.epoch !== undefined && this.#tracker.epoch !== epoch;
    // Restarts before the page, so that its updates count as new.
    if (reset === true || foreign) this.#restart((updates[0]?.position ?? position + 1) - 1, epoch);
    for (const update of updates) this.#receiver.synced(update);
    if (!this.#online) return;
    this.#tracker.pageEnded(position, epoch);
    const progress = reset === true || foreign || this.#tracker.position > before;
    if (progress) this.#failures = 0;
    if (!caughtUp && !progress) this.#failed(0);
    else if (!caughtUp) this.#next();
    else this.#ended();
  }

  /** Returns true if the error answers a sync. */
  error(frame: ServerFrameOf<'error'>): boolean {
    const { ref, retry, retryAfterMs = 0 } = frame;
    if (ref === undefined || !ref.startsWith(this.#log.ref)) return false;
    if (ref !== this.#asked) return true;
    this.#answered();
    if (retry === 'never') this.#log.refused(serverError(frame));
    if (this.#online) this.#failed(retryAfterMs);
    return true;
  }

  /** What came is in the store first, so that what waits to be written is bounded by a page. */
  #next(): void {
    this.#core.durable.flush(() => {
      if (this.#online && this.#asked === undefined && !this.#backingOff) this.#ask();
    });
  }

  /** Positions of the former log say nothing about what was shown. */
  #restart(position: Position, epoch: string | undefined): void {
    const { shown, durable, timeline } = this.#core;
    shown.covered(this.#log.group, Number.POSITIVE_INFINITY);
    if (this.#log.group !== null) durable.keeper?.forget(keyOfId(this.#log.group));
    else durable.keeper?.forgetInbox(timeline.conversations());
    this.#tracker.restart(position, epoch);
  }

  #ask(): void {
    const { position, epoch } = this.#tracker;
    const { limits, maxSyncPage } = this.#core;
    const ref = this.newRef();
    this.#gap.clear();
    this.#idle.clear();
    this.#deadline.set(limits.syncTimeoutMs);
    const limit = Math.min(limits.syncPage, maxSyncPage);
    this.#log.ask({ position, limit, ref, ...defined({ epoch }) });
  }

  #answered(): void {
    this.#asked = undefined;
    this.#deadline.clear();
  }

  #ended(): void {
    const again = this.#again;
    this.#again = false;
    const due = this.#receiver.dropUnconfirmed();
    this.#log.caughtUp();
    if (!this.#online) return;
    this.#watchIdle();
    this.#grace.clear();
    if (due !== Number.POSITIVE_INFINITY) this.#grace.set(due);
    if (again) this.request();
    else if (this.#tracker.hasGap) this.#failed(this.#log.gapMs);
  }

  /** Jittered, so that clients that connected together do not sync together. */
  #watchIdle(): void {
    const { idleSyncMs } = this.#log;
    this.#idleFrom = this.#tracker.position;
    if (idleSyncMs > 0) this.#idle.set(idleSyncMs * (0.5 + this.#core.random() / 2));
  }

  /** No answer, no progress, or a gap that the page did not close: repeats after a back-off. */
  #failed(leastMs: number): void {
    const { limits, random } = this.#core;
    this.#asked = undefined;
    this.#backingOff = true;
    this.#retry.set(
      leastMs + this.#log.gapMs + fullJitter(this.#failures++, limits.backoffMinMs, limits.backoffMaxMs, random),
    );
  }
}
