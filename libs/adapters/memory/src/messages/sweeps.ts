import type { SweepProgress, SweepStore } from '@chasqui/ports';

/** Sweeps in memory, for tests. */
export function createMemorySweeps(): SweepStore {
  const sweeps = new Map<string, { owner: string; until: number; progress: SweepProgress }>();
  return {
    async lead(sweep, owner, now, until) {
      const kept = sweeps.get(sweep);
      if (kept !== undefined && kept.owner !== owner && kept.until > now) return null;
      const { progress } = kept ?? { progress: { cursor: null, nextAt: 0 } };
      sweeps.set(sweep, { owner, until, progress });
      return { ...progress };
    },
    async save(sweep, owner, progress) {
      const kept = sweeps.get(sweep);
      if (kept?.owner !== owner) return false;
      kept.progress = { ...progress };
      return true;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
