import { type Clock, type ErrorCode, ImError } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';

/**
 * An available engine shows within this time whether it is usable, in ms. One that takes longer counts as unavailable.
 */
const GRACE_MS = 5_000;
const RETRY_MS = 5_000;

export interface StartWithoutOptions<T> {
  /** Names the role in the log, for example `store`. */
  role: string;
  /** The error code of calls while the engine is unavailable. */
  code: ErrorCode;
  open(): Promise<T & AsyncDisposable>;
  /** The ports that `open` returns. */
  names: readonly (keyof T & string)[];
  clock: Clock;
  logger: Logger;
  /** Called once if the engine turns out to be misconfigured after the start: waiting does not mend it. */
  fail(error: ImError): void;
}

/**
 * Opens an engine that an app can start without (C11): a node that starts while the stores are unavailable lets users
 * log in, send and receive, like a node that was running before. Waits 5 s for the engine; then calls fail until it has
 * opened, which is retried until it is found to be misconfigured. Errors: those of `open` within these 5 s, except that
 * the engine is unavailable.
 */
export async function startWithout<T extends object>(options: StartWithoutOptions<T>): Promise<T & AsyncDisposable> {
  const { role, code, open, names, clock, logger, fail } = options;
  const first = open();
  const here = await Promise.race([first.catch(nullIfAway), sleep(clock, GRACE_MS).then(() => null)]);
  if (here !== null) return here;

  logger.warn({ role }, 'the engine is unavailable: starting without it');
  let engines: (T & AsyncDisposable) | null = null;
  let trouble: unknown;
  const disposed = new AbortController();
  const trying = keepTrying();
  return {
    ...(Object.fromEntries(names.map((name) => [name, portOf(name)])) as T),
    async [Symbol.asyncDispose]() {
      disposed.abort();
      await trying;
      await engines?.[Symbol.asyncDispose]();
    },
  };

  function nullIfAway(error: unknown): null {
    if (error instanceof ImError && error.code === code) return null;
    throw error;
  }

  async function keepTrying(): Promise<void> {
    for (let opening = first; !disposed.signal.aborted; opening = open()) {
      try {
        engines = await opening;
        return;
      } catch (error) {
        trouble = error;
        if (error instanceof ImError && error.code === 'config_invalid') {
          logger.error({ role, err: error }, 'the engine cannot be used until an operator acts');
          return fail(error);
        }
        logger.error({ role, err: error }, 'the engine cannot be used yet; retrying');
      }
      await sleep(clock, RETRY_MS, disposed.signal).catch(() => {});
    }
  }

  /** Forwards calls once the engine has opened. Every method of these ports returns a promise. */
  function portOf(name: keyof T & string): unknown {
    const call = async (method: string | symbol, args: unknown[]) => {
      if (engines === null) throw new ImError(code, `the engine for the role ${role} is unavailable`, {}, trouble);
      const port = engines[name] as { [method: string | symbol]: (...args: unknown[]) => unknown };
      return await port[method]?.(...args);
    };
    return new Proxy({} as object, {
      get(_, method) {
        // A port is not a promise.
        if (method === 'then') return undefined;
        // The engines are disposed as a whole, by their owner.
        if (method === Symbol.asyncDispose) return async () => {};
        return (...args: unknown[]) => call(method, args);
      },
    });
  }
}
