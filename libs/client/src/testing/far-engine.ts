import type { DatabaseEngine } from '../database/engine.ts';
import type { FarEngine } from './engine-contract.ts';

/** An engine as one whose calls all take time. */
export function farEngine(engine: DatabaseEngine): FarEngine {
  const far =
    <A extends unknown[], R>(call: (...asked: A) => R) =>
    async (...asked: A): Promise<Awaited<R>> =>
      await call(...asked);
  const { get, keys, write, recent, page, clear, close } = engine;
  return {
    ...{ get: far(get), keys: far(keys), write: far(write), recent: far(recent) },
    ...{ page: far(page), clear: far(clear), close: far(close) },
  };
}
