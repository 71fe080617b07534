import { type Erasure, ImError, type Timer } from '@chasqui/domain';
import type { ApiContext } from '../context.ts';
import { SystemRecall } from '../server/system-recall.ts';
import { eraseMessages } from './erase-messages.ts';
import { erasePerson, type PersonContext, type StepGuard } from './erase-person.ts';
import { leaveGroups } from './leave-groups.ts';
import { isHeld, mustNotBeHeld } from './must-not-be-held.ts';
import { withdrawAll } from './withdraw-all.ts';

type ErasureContext = PersonContext &
  Pick<ApiContext, 'erasures' | 'holds' | 'groups' | 'groupChanges' | 'conversations' | 'messages' | 'logs' | 'bus'> &
  Pick<ApiContext, 'reactions' | 'auditTrail' | 'limits' | 'logger' | 'nodeId'>;

/** How soon after a request erasures are looked for, and the longest time between two looks that find nothing. */
const SOON_MS = 1_000;
const IDLE_MS = 60_000;
/** A process that erases says so at least this often; one that failed or died is followed by another after it. */
const HOLD_MS = 60_000;
const CHUNK = 500;

/**
 * Erases the users for whom it was asked, one at a time. Every step may be repeated, so whoever comes after a killed
 * process begins anew and finds less to do.
 */
export class ErasureWorker implements AsyncDisposable {
  readonly #context: ErasureContext;
  readonly #recalls: SystemRecall;
  #timer: Timer | null = null;
  #waitMs = SOON_MS;
  #round: Promise<void> = Promise.resolve();
  #stopped = false;
  #isAway = false;

  constructor(context: ErasureContext) {
    this.#context = context;
    this.#recalls = new SystemRecall(context);
  }

  start(): void {
    if (this.#stopped) return;
    this.#timer?.cancel();
    this.#timer = this.#context.clock.after(this.#waitMs, () => {
      this.#timer = null;
      this.#waitMs = Math.min(2 * this.#waitMs, IDLE_MS);
      this.#round = this.#eraseAll().finally(() => this.start());
    });
  }

  /** Somebody asked for an erasure here. */
  soon(): void {
    this.#waitMs = SOON_MS;
    // During a round, the next one is set by its end.
    if (this.#timer !== null) this.start();
  }

  async [Symbol.asyncDispose](): Promise<void> {
    this.#stopped = true;
    this.#timer?.cancel();
    await this.#round;
  }

  async #eraseAll(): Promise<void> {
    const { erasures, clock, logger } = this.#context;
    try {
      while (!this.#stopped) {
        const now = clock.now();
        const erasure = await erasures.take(now, now + HOLD_MS);
        this.#isAway = false;
        if (erasure === null) return;
        this.#waitMs = SOON_MS;
        await this.#erase(erasure);
      }
    } catch (error) {
      if (!this.#isAway) logger.warn({ err: error }, 'erasures could not be looked for: retrying later');
      this.#isAway = true;
    }
  }

  /** Errors: `store_unavailable`. */
  async #erase(erasure: Erasure): Promise<void> {
    const { erasures, auditTrail, userEvents, clock, logger } = this.#context;
    const { userId, askedBy } = erasure;
    // It stays taken for its time, and is looked at again behind the others.
    if (await isHeld(this.#context, userId)) return;
    try {
      await auditTrail.record({ actor: askedBy, action: 'erase_user', target: userId }, async () => {
        await this.#removeAll(erasure);
        await userEvents.erased(userId);
        await erasures.finish(erasure, clock.now());
      });
    } catch (error) {
      if (this.#stopped) return erasures.hold(userId, clock.now());
      logger.warn({ err: error, userId }, 'a user could not be erased: retrying in a minute');
    }
  }

  async #removeAll({ userId, erasesMessages }: Erasure): Promise<void> {
    const context = { ...this.#context, recalls: this.#recalls };
    const goOn = this.#guard(userId);
    await erasePerson(context, userId, goOn);
    await leaveGroups(context, userId, goOn);
    await withdrawAll(context, userId, goOn);
    if (erasesMessages) await eraseMessages(context, userId, goOn);
    // Last, as all of these leave updates there.
    while ((await context.logs.clear(userId, CHUNK)) === CHUNK) await goOn();
    // Calls that began before the erasure may have added the user to a group and written the profile since.
    await leaveGroups(context, userId, goOn);
    await context.profiles.remove(userId);
    // What their messages carried.
    await context.attachments.abandon(userId, 'all');
  }

  #guard(userId: string): StepGuard {
    const { erasures, clock } = this.#context;
    let heldFrom = clock.monotonic();
    return async () => {
      if (this.#stopped) throw new ImError('node_draining', 'this process stops: another goes on');
      await mustNotBeHeld(this.#context, userId);
      if (clock.monotonic() - heldFrom < HOLD_MS / 4) return;
      heldFrom = clock.monotonic();
      await erasures.hold(userId, clock.now() + HOLD_MS);
    };
  }
}
