import type { PushOutcome } from '@chasqui/domain';
import type { PushOutcomes } from '@chasqui/ports';

function inOrder(a: PushOutcome, b: PushOutcome): number {
  if (a.at !== b.at) return a.at - b.at;
  if (a.userId !== b.userId) return a.userId < b.userId ? -1 : 1;
  return a.deviceId < b.deviceId ? -1 : 1;
}

/** Outcomes of push tasks in memory, for tests and simulations. */
export function createMemoryPushOutcomes(): PushOutcomes {
  const subjects = new Map<string, Map<string, PushOutcome>>();
  return {
    async record(outcomes) {
      return outcomes.map((outcome) => {
        const kept = subjects.get(outcome.subjectId) ?? new Map<string, PushOutcome>();
        subjects.set(outcome.subjectId, kept);
        const key = `${outcome.userId} ${outcome.deviceId}`;
        const first = kept.get(key) ?? { ...outcome };
        kept.set(key, first);
        return { ...first };
      });
    },
    async list(subjectIds) {
      return subjectIds.map((id) => structuredClone([...(subjects.get(id)?.values() ?? [])]).sort(inOrder));
    },
    async trim(olderThan, limit) {
      let dropped = 0;
      for (const [subjectId, kept] of subjects) {
        for (const [key, { at }] of kept) {
          if (at >= olderThan || dropped >= limit) continue;
          kept.delete(key);
          dropped++;
        }
        if (kept.size === 0) subjects.delete(subjectId);
      }
      return dropped;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
