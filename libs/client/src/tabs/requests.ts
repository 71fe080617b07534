import { ImError } from '@chasqui/domain';
import { withResolvers } from '../basics/open-promise.ts';
import { serverError } from '../connection/server-error.ts';
import type { Call, CallName, ResultOf } from './calls.ts';
import type { MessagePlace, Outcome, Request } from './wire.ts';

interface Waiting {
  request: Request;
  queued(place: MessagePlace): void;
  answered(outcome: Outcome): void;
}

/** What a tab has asked for and has no answer to: each new leader is asked again, in the same order. */
export class Requests {
  readonly #max: number;
  readonly #ask: (id: number, request: Request) => void;
  readonly #waiting = new Map<number, Waiting>();
  #last = 0;

  /** `max`: beyond so many, further ones fail with `overloaded`. `ask`: tells the leader, if there is one. */
  constructor(max: number, ask: (id: number, request: Request) => void) {
    this.#max = max;
    this.#ask = ask;
  }

  get isFull(): boolean {
    return this.#waiting.size >= this.#max;
  }

  call<N extends CallName>(call: Call & { name: N }): Promise<ResultOf<N>> {
    const { promise, resolve, reject } = withResolvers<ResultOf<N>>();
    // Nobody has to await what answers nothing.
    promise.catch(() => undefined);
    if (this.isFull) reject(new ImError('overloaded', `${this.#max} requests are waiting`));
    else {
      this.add(call, (outcome) => {
        if ('error' in outcome) reject(serverError(outcome.error));
        else if ('result' in outcome) resolve(outcome.result as ResultOf<N>);
      });
    }
    return promise;
  }

  add(request: Request, answered: Waiting['answered'], queued: Waiting['queued'] = () => undefined): void {
    const id = ++this.#last;
    this.#waiting.set(id, { request, answered, queued });
    this.#ask(id, request);
  }

  queued(id: number, place: MessagePlace): void {
    this.#waiting.get(id)?.queued(place);
  }

  answered(id: number, outcome: Outcome): void {
    const waiting = this.#waiting.get(id);
    this.#waiting.delete(id);
    waiting?.answered(outcome);
  }

  /** Another leader, or the same one after something was missed. */
  askAgain(): void {
    for (const [id, { request }] of [...this.#waiting]) this.#ask(id, request);
  }

  close(outcome: Outcome): void {
    for (const id of [...this.#waiting.keys()]) this.answered(id, outcome);
  }
}
