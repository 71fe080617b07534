import { defined, type MessageId } from '@chasqui/domain';
import type { Unsent } from '../storing/stored-values.ts';

/** A message that may be sent now. */
export interface Departure {
  unsent: Unsent;
  resend: boolean;
  /** The previous message of the conversation, which has no `send_ack` yet. */
  follows?: string;
  /** The highest known id of the queued messages before it; empty: none. */
  behind: MessageId | '';
}

/**
 * The messages of one conversation that are not queued: first those in flight, then those that wait, each part in
 * order.
 */
export class Lane {
  sent: { unsent: Unsent; at: number }[] = [];
  waiting: Unsent[] = [];
  /** Nothing is sent before this monotonic time. */
  notBefore = 0;
  /** See `Departure.behind`. */
  behind: MessageId | '' = '';
  /** Failures since the last success. */
  failures = 0;

  get isEmpty(): boolean {
    return this.sent.length === 0 && this.waiting.length === 0;
  }

  /** Moves at most `room` messages from waiting to in flight. */
  depart(room: number, now: number): Departure[] {
    return this.waiting.splice(0, room).map((unsent) => {
      const follows = this.sent.at(-1)?.unsent.clientMessageId;
      const { behind } = this;
      const resend = unsent.wasSent === true;
      this.sent.push({ unsent, at: now });
      unsent.wasSent = true;
      return { unsent, resend, behind, ...defined({ follows }) };
    });
  }

  /** Moves a message in flight and all after it back to waiting. Returns false if it is not in flight. */
  goBack(clientMessageId: string): boolean {
    const index = this.#sentAt(clientMessageId);
    if (index < 0) return false;
    this.waiting.unshift(...this.sent.splice(index).map(({ unsent }) => unsent));
    return true;
  }

  remove(clientMessageId: string): void {
    const index = this.#sentAt(clientMessageId);
    if (index < 0) this.waiting = this.waiting.filter((unsent) => unsent.clientMessageId !== clientMessageId);
    else {
      this.sent.splice(index, 1);
      this.failures = 0;
    }
  }

  #sentAt(clientMessageId: string): number {
    return this.sent.findIndex(({ unsent }) => unsent.clientMessageId === clientMessageId);
  }

  /** The connection is lost: every message waits again, without a back-off. */
  reset(): void {
    this.waiting.unshift(...this.sent.map(({ unsent }) => unsent));
    this.sent = [];
    this.notBefore = 0;
  }
}
