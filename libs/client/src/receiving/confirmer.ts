import { defined, type Position } from '@chasqui/domain';
import type { ServerFrameOf } from '@chasqui/protocol';
import { Alarm } from '../basics/alarm.ts';
import type { Core } from '../core.ts';

const REF = '#confirm';

/** Confirms to the server the position that this device has persisted: periodically, and when caught up. */
export class Confirmer {
  readonly #core: Core;
  readonly #alarm: Alarm;
  /** The position that the server has acknowledged in this session and epoch. */
  #confirmed: Position = 0;
  #epoch: string | undefined;
  #asked: Position = 0;

  constructor(core: Core) {
    this.#core = core;
    this.#alarm = new Alarm(core.clock, () => this.now());
  }

  /** Call it when the position may have moved. */
  moved(): void {
    const ahead = this.#core.durable.saved.position - Math.max(this.#confirmed, this.#asked);
    if (ahead >= this.#core.limits.confirmEvery) this.now();
    else if (ahead > 0) this.#alarm.set(this.#core.limits.confirmMs);
  }

  now(): void {
    this.#followEpoch();
    const { userId, position, epoch } = this.#core.durable.saved;
    if (userId !== this.#core.userId || position <= Math.max(this.#confirmed, this.#asked)) return;
    const frame = { type: 'confirm_messages_synced', position, ref: REF, ...defined({ epoch }) } as const;
    if (this.#core.transmit(frame)) this.#asked = position;
  }

  answered({ position }: ServerFrameOf<'confirm_ok'>): void {
    // Another answer is to a question about the log before.
    if (position !== this.#asked) return;
    this.#confirmed = position;
    this.#asked = 0;
    this.moved();
  }

  /** Returns true if the error answers a confirmation, which is then repeated later. */
  error({ ref, retryAfterMs }: ServerFrameOf<'error'>): boolean {
    if (ref !== REF) return false;
    this.#asked = 0;
    this.#alarm.set((retryAfterMs ?? 0) + this.#core.limits.confirmMs);
    return true;
  }

  /** A confirmation without an answer may be lost. */
  offline(): void {
    this.#alarm.clear();
    this.#confirmed = 0;
    this.#asked = 0;
  }

  /** A position says nothing about the log of another epoch. */
  #followEpoch(): void {
    const { epoch } = this.#core.durable.saved;
    if (this.#epoch === epoch) return;
    this.#epoch = epoch;
    this.#confirmed = 0;
    this.#asked = 0;
  }
}
