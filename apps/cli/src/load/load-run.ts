import { setTimeout as pause } from 'node:timers/promises';
import { ChurnMap } from '@chasqui/domain';
import { type LoadStage, MessageTally } from './message-tally.ts';

/**
 * After sending ends, the run gives up when nothing has completed for this long. Longer than a postponed receipt takes.
 */
const PATIENCE_MS = 8_000;

/** The shared record of a run, written by its users. `numberOf` recognizes the run's own frames. */
export class LoadRun {
  readonly tally: MessageTally;
  readonly #prefix: string;
  /** Messages received and not yet delivered: number by server's id. */
  readonly #numbers = new ChurnMap<string, number>();
  readonly #settled: (number: number, refused: boolean) => void;

  /** `settled` is called once for each message that is done or refused. */
  constructor(name: string, stages: readonly LoadStage[], settled: (number: number, refused: boolean) => void) {
    this.#prefix = `${name}.`;
    this.tally = new MessageTally(stages);
    this.#settled = settled;
  }

  /** Makes the clientMessageId of a message that is due at `dueAt` and sent now. */
  next(dueAt: number): string {
    return `${this.#prefix}${this.tally.add(dueAt, nowUs())}`;
  }

  numberOf(clientMessageId: string): number | undefined {
    if (!clientMessageId.startsWith(this.#prefix)) return undefined;
    return Number(clientMessageId.slice(this.#prefix.length));
  }

  mark(clientMessageId: string, stage: LoadStage): void {
    const number = this.numberOf(clientMessageId);
    if (number !== undefined) this.#mark(number, stage);
  }

  received(clientMessageId: string, messageId: string): void {
    const number = this.numberOf(clientMessageId);
    if (number === undefined) return;
    if (messageId !== '' && !this.tally.has(number, 'received')) this.#numbers.set(messageId, number);
    this.#mark(number, 'received');
  }

  delivered(messageId: string): void {
    const number = this.#numbers.get(messageId);
    if (number === undefined) return;
    this.#numbers.delete(messageId);
    this.#mark(number, 'delivered');
  }

  refused(clientMessageId: string, code: string): void {
    const number = this.numberOf(clientMessageId);
    if (number !== undefined && this.tally.refuse(number, code)) this.#settled(number, true);
  }

  /** Waits until every message is done, or until progress has stopped. Resolves to how long it took, in ms. */
  async settled(): Promise<number> {
    const { tally } = this;
    const startedAt = nowUs();
    let movedAt = startedAt;
    let open = tally.open;
    while (open > 0 && nowUs() - movedAt < PATIENCE_MS * 1_000) {
      await pause(5);
      if (tally.open === open) continue;
      open = tally.open;
      movedAt = nowUs();
    }
    return (movedAt - startedAt) / 1_000;
  }

  #mark(number: number, stage: LoadStage): void {
    if (this.tally.mark(number, stage, nowUs())) this.#settled(number, false);
  }
}

/** Monotonic µs. */
export function nowUs(): number {
  return performance.now() * 1_000;
}
