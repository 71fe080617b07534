import type { LoadTarget } from '@chasqui/app-cli/load';
import { type Answers, OneUser } from './one-user.ts';

/** Concurrent log-ins. */
const OPENING = 100;
/** Half of the server's heartbeat interval. */
const PING_MS = 15_000;

/** Those of many users who are online. */
export class Crowd implements Disposable {
  readonly users: readonly OneUser[];
  readonly #pings: NodeJS.Timeout;
  #answers: Answers | null = null;

  private constructor(users: OneUser[]) {
    this.users = users;
    this.#pings = setInterval(() => {
      for (const user of users) user.ping();
    }, PING_MS);
  }

  /** `numbers`: those who log in. Errors: those of `OneUser.open`. */
  static async open(target: LoadTarget, numbers: readonly number[]): Promise<Crowd> {
    const users: OneUser[] = [];
    const crowd = new Crowd(users);
    const answers: Answers = {
      queued: (...message) => crowd.#answers?.queued(...message),
      stored: (id) => crowd.#answers?.stored(id),
      receipt: (...receipt) => crowd.#answers?.receipt(...receipt),
      refused: (...message) => crowd.#answers?.refused(...message),
      other: (what) => crowd.#answers?.other(what),
    };
    for (let start = 0; start < numbers.length; start += OPENING) {
      const some = numbers.slice(start, start + OPENING);
      users.push(...(await Promise.all(some.map((number) => OneUser.open(target, number, answers)))));
    }
    return crowd;
  }

  /** Who is told what comes from now on. */
  set answers(answers: Answers | null) {
    this.#answers = answers;
  }

  [Symbol.dispose](): void {
    clearInterval(this.#pings);
    for (const user of this.users) user.close();
  }
}
