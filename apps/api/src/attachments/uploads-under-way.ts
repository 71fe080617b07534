import type { AttachmentId } from '@chasqui/domain';

interface UnderWay {
  stop(): void;
  ended: Promise<unknown>;
}

/**
 * The uploads whose bytes this process is receiving: one request each. A later request for the same upload ends the
 * earlier one, whose client has mostly gone without a word.
 */
export class UploadsUnderWay {
  /** As many as there are sockets. */
  readonly #running = new Map<AttachmentId, UnderWay>();

  /** Ends what is under way for this upload, and waits until what came is stored. */
  async end(id: AttachmentId): Promise<void> {
    for (let one = this.#running.get(id); one !== undefined; one = this.#running.get(id)) {
      one.stop();
      await one.ended;
    }
  }

  /** `stop`: makes the work end soon. Errors: those of the work. */
  async run(id: AttachmentId, stop: () => void, work: () => Promise<void>): Promise<void> {
    await this.end(id);
    const working = work();
    const one = { stop, ended: working.catch(() => {}) };
    this.#running.set(id, one);
    try {
      await working;
    } finally {
      if (this.#running.get(id) === one) this.#running.delete(id);
    }
  }
}
