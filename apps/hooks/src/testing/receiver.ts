import type { ServerEvent } from '@chasqui/domain';
import type { SendResult, WebhookSender } from '../webhook-sender.ts';

/** What a receiver does with a request; `hangs`: it never answers. */
export type Mood = SendResult | 'hangs';

export const FAILS = { type: 'failed', reason: 'status 500' } as const;

/** A receiver in memory, which notes what it was sent and what it took. */
export class Receiver implements WebhookSender {
  readonly requests: ServerEvent[] = [];
  readonly taken: ServerEvent[] = [];
  mood: (event: ServerEvent, endpointId: string) => Mood = () => ({ type: 'taken' });

  async send({ endpointId }: { endpointId: string }, event: ServerEvent, signal: AbortSignal): Promise<SendResult> {
    this.requests.push(event);
    const mood = this.mood(event, endpointId);
    if (mood === 'hangs') return this.#silence(signal);
    if (mood.type === 'taken') this.taken.push(event);
    return mood;
  }

  /** The ids that were taken of each key, in order. */
  takenOf(key: string): string[] {
    return this.taken.filter((event) => event.key === key).map(({ id }) => id);
  }

  #silence(signal: AbortSignal): Promise<SendResult> {
    return new Promise((resolve) => {
      signal.addEventListener('abort', () => resolve({ type: 'failed', reason: 'no answer in time' }), { once: true });
    });
  }
}
