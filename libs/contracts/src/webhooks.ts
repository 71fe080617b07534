import { MAX_WEBHOOK_ENDPOINTS, newWebhookProgress, type WebhookProgress } from '@chasqui/domain';
import type { SavedProgress, WebhookLease } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import { type Harness, subjectOf } from './harness.ts';
import { endpointOf, eventOf, letterOf, type ServerEventPorts, T } from './server-events-fixture.ts';

const FREE: WebhookLease = { owner: '', beat: 0 };
const PROGRESS: WebhookProgress = {
  cursor: 7,
  blocked: [{ key: 'ann~bob', after: 3, until: 6, attempts: 2, nextAt: T, error: 'status 500' }],
  servedAt: T,
  failingSince: T + 1,
  error: 'status 500',
  lost: 2,
};

/** Everything that `WebhookStore` promises. */
export function webhooksContract(name: string, harness: Harness<ServerEventPorts>): void {
  describe(`WebhookStore: ${name}`, { timeout: 30_000 }, () => {
    const subject = subjectOf(harness, ({ serverEvents, webhooks }) => [serverEvents, webhooks]);
    const store = () => subject.current.webhooks;
    const one = endpointOf(1);
    const { endpointId } = one;
    const save = (fields: Partial<SavedProgress>, id = endpointId) =>
      store().save(id, { from: FREE, owner: 'a', maxDeadLetters: 9, ...fields });
    const letters = async (after = 0, replayed = false) =>
      (await store().deadLetters(endpointId, { after, limit: 9, replayed })).map(({ position }) => position);

    test('an endpoint is new, changed in order, listed and removed; each change is told once', async () => {
      expect(await store().list()).toEqual([]);
      expect(await store().put(endpointOf(2))).toBe(true);
      expect(await store().put(one)).toBe(true);
      expect(await store().put(one)).toBe(true);
      expect(await store().put({ ...one, description: 'another' })).toBe(false);
      const changed = endpointOf(1, { version: 2, disabled: { at: T, why: 'gone' }, types: ['message.stored'] });
      expect(await store().put({ ...changed, version: 3 })).toBe(false);
      expect(await store().put(changed)).toBe(true);
      expect(await store().put({ ...changed, description: 'too late' })).toBe(false);
      expect(await store().list()).toEqual([
        { endpoint: changed, lease: FREE },
        { endpoint: endpointOf(2), lease: FREE },
      ]);
      expect(await store().remove(endpointId)).toBe(true);
      expect(await store().remove(endpointId)).toBe(false);
      expect(await store().progress(endpointId)).toBeNull();
      expect((await store().list()).map(({ endpoint }) => endpoint)).toEqual([endpointOf(2)]);
      expect(await store().put({ ...one, version: 2 })).toBe(false);
    });

    test('C16: there are so many endpoints and no more', async () => {
      for (let n = 0; n < MAX_WEBHOOK_ENDPOINTS; n++) expect(await store().put(endpointOf(n))).toBe(true);
      expect(await store().put(endpointOf(999))).toBe(false);
      expect(await store().put(endpointOf(5, { version: 2 }))).toBe(true);
      await store().remove(endpointId);
      expect(await store().put(endpointOf(999))).toBe(true);
    });

    test('a new endpoint is served from the head of the log on', async () => {
      await subject.current.serverEvents.append([eventOf(1), eventOf(2)], T);
      await store().put(one);
      expect(await store().progress(endpointId)).toEqual(newWebhookProgress(2));
    });

    test('one process at a time has an endpoint: only its saves count, and each shows that it lives', async () => {
      await store().put(one);
      const mine = (await save({})) as WebhookLease;
      expect(mine.owner).toBe('a');
      expect(await save({ owner: 'b' })).toBeNull();
      const next = (await save({ from: mine, progress: PROGRESS })) as WebhookLease;
      expect(next.beat).toBeGreaterThan(mine.beat);
      expect(await store().list()).toEqual([{ endpoint: one, lease: next }]);
      expect(await store().progress(endpointId)).toEqual(PROGRESS);
      const theirs = (await save({ from: next, owner: 'b' })) as WebhookLease;
      expect(await save({ from: next, progress: newWebhookProgress(0), deadLetters: [letterOf(1)] })).toBeNull();
      expect(await store().progress(endpointId)).toEqual(PROGRESS);
      expect(await letters()).toEqual([]);
      expect(await save({ from: theirs, owner: '' })).toMatchObject({ owner: '' });
      expect(await save({}, 'we_absent')).toBeNull();
      // Its own changes leave the lease alone.
      await store().put(endpointOf(1, { version: 2 }));
      expect((await store().list())[0]?.lease.owner).toBe('');
    });

    test('of those who take an endpoint at the same time, one gets it', async () => {
      await store().put(one);
      const taken = await Promise.all(['a', 'b', 'c', 'd'].map((owner) => save({ owner })));
      const [winner, ...others] = taken.filter((lease) => lease !== null);
      expect(others).toEqual([]);
      expect((await store().list())[0]?.lease).toEqual(winner);
    });

    test('dead letters are kept with the progress, sent again when asked, and forgotten when delivered', async () => {
      await store().put(one);
      const lease = await save({ deadLetters: [letterOf(3), letterOf(5), letterOf(8)], progress: PROGRESS });
      expect(await store().deadLetters(endpointId, { after: 3, limit: 1 })).toEqual([letterOf(5)]);
      expect(await letters(0, true)).toEqual([]);
      expect(await store().replay(endpointId, [5, 6])).toBe(1);
      expect(await store().replay(endpointId, [5])).toBe(0);
      expect(await letters(0, true)).toEqual([5]);
      expect(await store().replay(endpointId, 'all')).toBe(2);
      expect(await letters(3, true)).toEqual([5, 8]);
      const again = letterOf(8, { error: 'timeout', at: T + 99 });
      await save({ from: lease ?? FREE, deadLetters: [again], delivered: [5, 6] });
      expect(await letters(0, true)).toEqual([3]);
      expect(await store().deadLetters(endpointId, { after: 0, limit: 9 })).toEqual([letterOf(3), again]);
      expect(await store().replay('we_absent', 'all')).toBe(0);
      await store().remove(endpointId);
      expect(await letters()).toEqual([]);
    });

    test('C16: the oldest dead letters go, beyond a number and beyond an age', async () => {
      await store().put(one);
      await store().put(endpointOf(2));
      await save({ deadLetters: [letterOf(1)] }, endpointOf(2).endpointId);
      await save({ deadLetters: [1, 2, 3, 4, 5].map((n) => letterOf(n)), maxDeadLetters: 4 });
      expect(await letters()).toEqual([2, 3, 4, 5]);
      expect(await store().trimDeadLetters(T + 4, 2)).toBe(2);
      expect(await store().trimDeadLetters(T + 4, 9)).toBe(1);
      expect(await letters()).toEqual([4, 5]);
    });

    if (harness.reopen !== undefined) {
      test('C3: endpoint, progress and dead letters survive a kill', async () => {
        await store().put(one);
        const lease = await save({ progress: PROGRESS, deadLetters: [letterOf(3)] });
        await subject.reopen();
        expect(await store().list()).toEqual([{ endpoint: one, lease }]);
        expect(await store().progress(endpointId)).toEqual(PROGRESS);
        expect(await letters()).toEqual([3]);
      });
    }
  });
}
