import { setTimeout as pause } from 'node:timers/promises';
import { Histogram } from '@chasqui/app-cli/load';
import type { GroupCrowd } from './group-crowd.ts';
import type { Arrivals } from './group-user.ts';

/** `closed`: messages in flight; `open`: messages a second, whatever is answered. */
export type GroupLoadMode = { kind: 'closed'; inFlight: number } | { kind: 'open'; rate: number };

/** What a load has counted. */
export type GroupLoadFigures = Pick<
  GroupLoad,
  'done' | 'chats' | 'unfinished' | 'refusals' | 'queuing' | 'receiving' | 'storing' | 'late'
>;

/** Sending ends after so long without any progress. */
const PATIENCE_MS = 8_000;
const REFUSAL_PAUSE_MS = 50;
const CONTENT = JSON.stringify({ text: 'x'.repeat(300) });
let loads = 0;

/**
 * Members of a group send to it. A message is done when its sender has *stored*, and every other session of a member
 * that is online has the message. Latencies are µs from the time at which it was due.
 */
export class GroupLoad implements Arrivals {
  sent = 0;
  done = 0;
  chats = 0;
  readonly others = new Map<string, number>();
  readonly refusals = new Map<string, number>();
  readonly queuing = new Histogram();
  readonly receiving = new Histogram();
  readonly storing = new Histogram();
  readonly late = new Histogram();
  readonly #crowd: GroupCrowd;
  readonly #group: string;
  readonly #name = `${Date.now().toString(36)}-${loads++}.`;
  readonly #due: number[] = [];
  /** What is still to come of each message: chat frames, and *stored*. 0: it is done or was refused. */
  readonly #missing: number[] = [];
  #isSending = true;
  #again: () => void = () => {};

  constructor(crowd: GroupCrowd, group: string) {
    this.#crowd = crowd;
    this.#group = group;
  }

  /** Resolves to the seconds that sending took, once all is done or nothing moves any more. */
  async run(mode: GroupLoadMode, seconds: number): Promise<number> {
    this.#crowd.arrivals = this;
    const startedAt = performance.now();
    if (mode.kind === 'closed') await this.#closed(mode.inFlight, seconds);
    else await this.#open(mode.rate, seconds);
    this.#isSending = false;
    const took = (performance.now() - startedAt) / 1_000;
    for (let moved = performance.now(), was = -1; this.unfinished > 0 && performance.now() - moved < PATIENCE_MS; ) {
      if (this.chats + this.done !== was) moved = performance.now();
      was = this.chats + this.done;
      await pause(20);
    }
    return took;
  }

  get unfinished(): number {
    return this.#missing.filter((count) => count > 0).length;
  }

  chat(clientMessageId: string): void {
    const number = this.#numberOf(clientMessageId);
    if (number === -1) return;
    this.chats++;
    this.receiving.record(this.#since(number));
    this.#came(number);
  }

  queued(clientMessageId: string): void {
    const number = this.#numberOf(clientMessageId);
    if (number !== -1) this.queuing.record(this.#since(number));
  }

  stored(clientMessageId: string): void {
    const number = this.#numberOf(clientMessageId);
    if (number === -1) return;
    this.storing.record(this.#since(number));
    this.#came(number);
  }

  refused(clientMessageId: string, code: string): void {
    const number = this.#numberOf(clientMessageId);
    if (number === -1) return;
    this.refusals.set(code, (this.refusals.get(code) ?? 0) + 1);
    this.#missing[number] = 0;
    setTimeout(this.#again, REFUSAL_PAUSE_MS);
  }

  other(what: string): void {
    this.others.set(what, (this.others.get(what) ?? 0) + 1);
  }

  async #closed(inFlight: number, seconds: number): Promise<void> {
    this.#again = () => {
      if (this.#isSending) this.#send(performance.now());
    };
    for (let n = 0; n < inFlight; n++) this.#again();
    await pause(seconds * 1_000);
  }

  async #open(rate: number, seconds: number): Promise<void> {
    const startedAt = performance.now();
    while (this.sent < rate * seconds) {
      const now = performance.now();
      for (let due = startedAt; ; ) {
        due = startedAt + (this.sent / rate) * 1_000;
        if (due > now || this.sent >= rate * seconds) break;
        this.late.record((now - due) * 1_000);
        this.#send(due);
      }
      await pause(1);
    }
  }

  #send(due: number): void {
    const number = this.sent++;
    this.#due.push(due);
    this.#missing.push(this.#crowd.users.length);
    this.#crowd.sender(number).post(this.#group, `${this.#name}${number}`, CONTENT);
  }

  #came(number: number): void {
    const missing = this.#missing[number] ?? 0;
    if (missing === 0) return;
    this.#missing[number] = missing - 1;
    if (missing > 1) return;
    this.done++;
    this.#again();
  }

  #numberOf(clientMessageId: string): number {
    return clientMessageId.startsWith(this.#name) ? Number(clientMessageId.slice(this.#name.length)) : -1;
  }

  #since(number: number): number {
    return (performance.now() - (this.#due[number] ?? 0)) * 1_000;
  }
}
