import { ImError, type UserId } from '@chasqui/domain';
import type { FastifyReply } from 'fastify';

/** Bounds how much of one kind each user has under way in this process. */
export class UserWorkUnderWay {
  readonly #max: number;
  readonly #what: string;
  /** As many users as have something under way. */
  readonly #running = new Map<UserId, number>();

  /** `what`: in words, for whoever has too many of it. */
  constructor(max: number, what: string) {
    this.#max = max;
    this.#what = what;
  }

  /** Counts one more; the function that is returned ends it, however often it is called. Errors: `too_fast`. */
  take(userId: UserId): () => void {
    const count = this.#running.get(userId) ?? 0;
    if (count >= this.#max) throw new ImError('too_fast', `too many ${this.#what}`, { retryAfterMs: 1_000 });
    this.#running.set(userId, count + 1);
    let isOver = false;
    return () => {
      if (isOver) return;
      isOver = true;
      const left = (this.#running.get(userId) ?? 0) - 1;
      if (left > 0) this.#running.set(userId, left);
      else this.#running.delete(userId);
    };
  }

  /** The same, until the answer is sent or its reader is gone. */
  takeFor(userId: UserId, { raw }: FastifyReply): void {
    const over = this.take(userId);
    if (raw.destroyed) over();
    raw.once('finish', over);
    raw.once('close', over);
  }
}
