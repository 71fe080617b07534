import { type AuditEntry, auditId } from '@chasqui/domain';
import type { AuditLog } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';

const T = 1_767_225_600_000;

function entry(n: number, fields: Partial<AuditEntry> = {}): AuditEntry {
  return {
    entryId: auditId(T + n, 7),
    begunBy: '',
    at: T + n,
    actor: 'root',
    action: 'end_sessions',
    target: 'Ann',
    outcome: 'begun',
    detail: '',
    ...fields,
  };
}

/** Everything that `AuditLog` promises. */
export function auditLogContract(name: string, harness: Harness<AuditLog>): void {
  describe(`AuditLog: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, (log) => [log]);
    const log = () => subject.current;

    test('entries come back as they were added, the newest first, page by page', async () => {
      const added = [
        entry(1),
        entry(2, { begunBy: auditId(T + 1, 7), outcome: 'done', detail: '2 sessions 好的' }),
        entry(3, { actor: 'cli:root@host-1', action: 'rebuild_index', target: '' }),
      ];
      for (const one of [added[2], added[0], added[1]]) await log().append(one as AuditEntry);
      expect(await log().page({ limit: 2 })).toEqual([added[2], added[1]]);
      expect(await log().page({ limit: 2, before: auditId(T + 2, 7) })).toEqual([added[0]]);
      await log().ping();
    });

    test('of one user alone, ids in their own case', async () => {
      const [first, other, third] = [entry(1), entry(2, { target: 'ann' }), entry(3)];
      for (const one of [first, other, third]) await log().append(one);
      expect(await log().page({ limit: 9, target: 'Ann' })).toEqual([third, first]);
      expect(await log().page({ limit: 9, target: 'Ann', before: third.entryId })).toEqual([first]);
      expect(await log().page({ limit: 9, target: 'nobody' })).toEqual([]);
    });

    test('nothing that was added changes: of two with one id the first stands', async () => {
      await log().append(entry(1));
      await log().append(entry(1, { actor: 'eve', detail: 'it was another' }));
      await log().append(entry(1));
      expect(await log().page({ limit: 9 })).toEqual([entry(1)]);
    });

    test('C16: what is older than the retention is dropped, a few at a time', async () => {
      for (const n of [1, 2, 3, 4]) await log().append(entry(n));
      expect(await log().trim(T + 4, 2)).toBe(2);
      expect(await log().trim(T + 4, 2)).toBe(1);
      expect(await log().trim(T + 4, 2)).toBe(0);
      expect(await log().page({ limit: 9 })).toEqual([entry(4)]);
    });

    if (harness.reopen !== undefined) {
      test('an entry survives a kill', async () => {
        await log().append(entry(1));
        await subject.reopen();
        expect(await log().page({ limit: 9 })).toEqual([entry(1)]);
      });
    }
  });
}
