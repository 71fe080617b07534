import type { WebhookDeadLetter, WebhookProgress } from '@chasqui/domain';
import type { LoggedEvent } from '@chasqui/ports';
import type { KeyLane } from './key-lane.ts';

/** What changed since the last save. */
export interface Unsaved {
  progress?: WebhookProgress;
  deadLetters: WebhookDeadLetter[];
  delivered: number[];
}

/** What is known of an endpoint, and what of it is not saved yet. */
export class EndpointRecord {
  cursor: number;
  servedAt: number | null;
  failingSince: number | null;
  error: string;
  lost: number;
  /** Blocked and slow keys. */
  readonly lanes: Map<string, KeyLane>;
  #deadLetters = new Map<number, WebhookDeadLetter>();
  #delivered: number[] = [];
  #hasChanged = false;

  constructor({ blocked, ...rest }: WebhookProgress, laneOf: (blocked: WebhookProgress['blocked'][number]) => KeyLane) {
    this.lanes = new Map(blocked.map((one) => [one.key, laneOf(one)]));
    ({
      cursor: this.cursor,
      servedAt: this.servedAt,
      failingSince: this.failingSince,
      error: this.error,
      lost: this.lost,
    } = rest);
  }

  get unsavedLetters(): number {
    return this.#deadLetters.size;
  }

  changed(): void {
    this.#hasChanged = true;
  }

  bury({ position, event }: LoggedEvent, error: string, at: number): void {
    this.#deadLetters.set(position, { position, event, error, at });
    this.#hasChanged = true;
  }

  /** A dead letter was delivered after all. */
  raised(position: number): void {
    this.#delivered.push(position);
    this.#hasChanged = true;
  }

  /** Takes what is not saved yet. If it cannot be saved, `putBack` must follow. */
  take(): Unsaved {
    const { cursor, servedAt, failingSince, error, lost } = this;
    const blocked = [...this.lanes.values()].map((lane) => lane.toJSON());
    const deadLetters = [...this.#deadLetters.values()].sort((a, b) => a.position - b.position);
    const progress = { cursor, blocked, servedAt, failingSince, error, lost };
    const unsaved: Unsaved = {
      ...(this.#hasChanged ? { progress } : {}),
      deadLetters,
      delivered: this.#delivered,
    };
    this.#hasChanged = false;
    this.#deadLetters = new Map();
    this.#delivered = [];
    return unsaved;
  }

  putBack({ deadLetters, delivered }: Unsaved): void {
    this.#hasChanged = true;
    this.#deadLetters = new Map([
      ...deadLetters.map((letter) => [letter.position, letter] as const),
      ...this.#deadLetters,
    ]);
    this.#delivered = [...delivered, ...this.#delivered];
  }
}
