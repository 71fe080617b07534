import { type Clock, type ErrorCode, ImError } from '@chasqui/domain';
import { type Logger, sleep } from '@chasqui/kit';

/** An engine that stands shows within this whether it is fit, in ms. One that takes longer is away. */
const GRACE_MS = 5_000;
const RETRY_MS = 5_000;

export interface StartWithoutOptions<T> {
  /** For the log, for example `store`. */
  role: string;
  /** What calls fail with meanwhile. */
  code: ErrorCode;
  open(): Promise<T & AsyncDisposable>;
  /** The ports that `open` will give. */
  names: readonly (keyof T & string)[];
  clock: Clock;
  logger: Logger;
}

/**
 * An engine that an app can start without (C11): a node that starts while the stores are away lets users log in, send and
 * receive, as one that was there before does. Waits 5 s for it; then its calls fail until it is there, which is tried on
 * and on. Errors: what `open` fails with in these 5 s, unless it is that the engine is away.
 */
export async function startWithout<T extends object>(options: StartWithoutOptions<T>): Promise<T & AsyncDisposable> {
  const { role, code, open, names, clock, logger } = options;
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
        logger.error({ role, err: error }, 'the engine cannot be used yet; retrying');
      }
      await sleep(clock, RETRY_MS, disposed.signal).catch(() => {});
    }
  }

  /** Forwards each call once the engine is there. Every method of these ports gives a promise. */
  function portOf(name: keyof T & string): unknown {
    const call = async (method: string | symbol, args: unknown[]) => {
      if (engines === null) throw new ImError(code, `the engine for the role ${role} is unavailable`, {}, trouble);
      const port = engines[name] as { [method: string | symbol]: (...args: unknown[]) => unknown };
      return await port[method]?.(...args);
    };
    return new Proxy({} as object, {
      get(_, method) {
        // A port is no promise.
        if (method === 'then') return undefined;
        // The engines are disposed as a whole, by their owner.
        if (method === Symbol.asyncDispose) return async () => {};
        return (...args: unknown[]) => call(method, args);
      },
    });
  }
}
