import type { AuditEntry } from '@chasqui/domain';
import type { AuditLog } from '@chasqui/ports';

/** The acts of operators, in memory, for tests. */
export function createMemoryAuditLog(): AuditLog {
  const entries = new Map<string, AuditEntry>();
  return {
    async append(entry) {
      if (!entries.has(entry.entryId)) entries.set(entry.entryId, { ...entry });
    },
    async page({ before, target, limit }) {
      return [...entries.values()]
        .filter(
          (entry) => (before === undefined || entry.entryId < before) && (target ?? entry.target) === entry.target,
        )
        .sort((a, b) => (a.entryId < b.entryId ? 1 : -1))
        .slice(0, limit)
        .map((entry) => ({ ...entry }));
    },
    async trim(olderThan, limit) {
      const old = [...entries.values()].filter(({ at }) => at < olderThan).slice(0, limit);
      for (const { entryId } of old) entries.delete(entryId);
      return old.length;
    },
    async ping() {},
    async [Symbol.asyncDispose]() {},
  };
}
