import { type Clock, ImError, type Random } from '@chasqui/domain';
import { backoffMs, type Logger, sleep } from '@chasqui/kit';
import { type DriverError, isOurFault, isTransient, unavailable } from './failures.ts';
import type { Link, LinkOptions } from './link.ts';
import { LinkPool } from './link-pool.ts';
import type { Answer, Statement } from './statement.ts';
import { type Past, runTransaction, type Work } from './transaction.ts';

export interface DatabaseOptions extends LinkOptions {
  /** Maximum connections. */
  pool: number;
  clock: Clock;
  random: Random;
  logger: Logger;
}

/** Timeout of a ping, milliseconds. */
const PING_MS = 2_000;
const BACKOFF = { initialMs: 10, maxMs: 400 };

/**
 * The database, for work that may be repeated. Transient failures (a deadlock, a lost connection, a restarting server)
 * are retried until the deadline. Errors: `store_unavailable`.
 */
export class Database implements AsyncDisposable {
  readonly #options: DatabaseOptions;
  readonly #pool: LinkPool;
  #running = 0;
  #writes = 0;
  #closed = false;
  #idle: (() => void)[] = [];

  constructor(options: DatabaseOptions) {
    this.#options = options;
    this.#pool = new LinkPool(options, options.pool);
  }

  get clock(): Clock {
    return this.#options.clock;
  }

  /** Committed transactions of this process that changed something. */
  get writes(): number {
    return this.#writes;
  }

  /** One independent statement: a read, or an idempotent change. */
  async run(statement: Statement, deadlineMs?: number): Promise<Answer> {
    const [answer] = await this.#repeat(async (link) => link.run([statement]), deadlineMs);
    return answer as Answer;
  }

  /** Commits all of the work or none of it. */
  async transaction<T>(work: Work<T>, deadlineMs?: number): Promise<T> {
    const past: Past<T> = {};
    let writes = false;
    const noted: Work<T> = async (transaction, earlier) => {
      const outcome = await work(transaction, earlier);
      writes ||= outcome.writes.length > 0;
      return outcome;
    };
    const result = await this.#repeat((link) => runTransaction(link, noted, past), deadlineMs);
    if (writes) this.#writes++;
    return result;
  }

  /** Errors: `store_unavailable` if the server does not answer now. */
  async ping(): Promise<void> {
    await this.run({ sql: 'SELECT 1' }, Math.min(PING_MS, this.#options.deadlineMs));
  }

  /** Takes no more calls and waits for running ones, which end by their deadlines. */
  async [Symbol.asyncDispose](): Promise<void> {
    this.#closed = true;
    if (this.#running > 0) await new Promise<void>((resolve) => this.#idle.push(resolve));
    await this.#pool.close();
  }

  async #repeat<T>(attempt: (link: Link) => Promise<T>, deadlineMs = this.#options.deadlineMs): Promise<T> {
    if (this.#closed) throw new ImError('store_unavailable', 'the connection to MySQL is closed');
    const { clock, random, logger } = this.#options;
    const end = clock.monotonic() + deadlineMs;
    this.#running++;
    try {
      for (let tries = 0; ; tries++) {
        try {
          return await this.#once(attempt, end);
        } catch (error) {
          const waitMs = backoffMs(tries, BACKOFF, random);
          if (isOurFault(error)) this.#reportOurs(error as DriverError);
          if (!isTransient(error) || clock.monotonic() + waitMs > end) throw unavailable(error);
          logger.debug({ err: error, tries }, 'MySQL: retrying');
          await sleep(clock, waitMs);
        }
      }
    } finally {
      if (--this.#running === 0) for (const resolve of this.#idle.splice(0)) resolve();
    }
  }

  /** Without the driver's text, which repeats pieces of the statement, and these may be content. */
  #reportOurs({ code, errno, stack = '' }: DriverError): void {
    const at = stack.split('\n').filter((line) => /^\s+at /.test(line));
    this.#options.logger.error(
      { code, errno, at },
      'MySQL rejects a statement of Chasqui: this is a bug, please report it',
    );
  }

  /** One attempt. When its time is over it is abandoned and its connection is closed: its outcome is unknown. */
  async #once<T>(attempt: (link: Link) => Promise<T>, end: number): Promise<T> {
    const { clock } = this.#options;
    const taken = this.#pool.take();
    const { promise: late, reject } = Promise.withResolvers<never>();
    let hangUp = () => taken.abandon();
    const timer = clock.after(Math.max(0, end - clock.monotonic()), () => {
      hangUp();
      reject(new ImError('store_unavailable', 'MySQL did not answer in time'));
    });
    const answered = taken.link.then(async (link) => {
      hangUp = () => {
        link.end();
        this.#pool.give(link);
      };
      try {
        return await attempt(link);
      } finally {
        this.#pool.give(link);
      }
    });
    try {
      return await Promise.race([answered, late]);
    } finally {
      timer.cancel();
    }
  }
}
