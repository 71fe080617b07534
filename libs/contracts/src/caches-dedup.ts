import type { DedupClaim } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { type CachesHarness, cachesSubject } from './caches-fixture.ts';
import { until } from './harness.ts';
import { createSamples } from './samples.ts';

const LONG = 600_000;

export function dedupTests(harness: CachesHarness): void {
  const subject = cachesSubject(harness);
  const samples = createSamples(harness.clock);
  const hints = () => subject.current.dedupHints;
  const claim = (fields: Partial<DedupClaim> = {}): DedupClaim => ({
    from: 'ann',
    clientMessageId: 'k1',
    conversationId: 'ann~bob',
    digest: 'd1',
    messageId: samples.nextId(),
    ...fields,
  });

  test('C4: the first claim of a key is kept, and given to all later ones', async () => {
    const first = claim();
    expect(await hints().claim([first], LONG)).toEqual([first]);
    expect(await hints().claim([claim(), claim({ digest: 'other', conversationId: 'ann~cat' })], LONG)).toEqual([
      ...[first, first],
    ]);
  });

  test('C4: keys are the sender’s own, and claims of one call count in their order', async () => {
    const claims = [claim(), claim({ from: 'bob' }), claim({ clientMessageId: 'k2' }), claim()];
    const [a, b, c] = claims;
    expect(await hints().claim(claims, LONG)).toEqual([a, b, c, a]);
    expect(await hints().claim([], LONG)).toEqual([]);
    const [d, e] = [claim({ from: 'x', clientMessageId: 'y:z' }), claim({ from: 'x:y', clientMessageId: 'z' })];
    expect(await hints().claim([d, e], LONG)).toEqual([d, e]);
  });

  test('C4: of claims at the same time one is kept', async () => {
    const kept = await Promise.all(Array.from({ length: 8 }, () => hints().claim([claim()], LONG)));
    expect(new Set(kept.flat().map(({ messageId }) => messageId)).size).toBe(1);
  });

  test('C4: what is kept is found, and looking for it keeps nothing', async () => {
    const [first, other] = [claim(), claim({ clientMessageId: 'k2' })];
    expect(await hints().find([first, other])).toEqual([null, null]);
    expect(await hints().claim([first], LONG)).toEqual([first]);
    expect(await hints().find([other, claim({ digest: 'later' }), claim({ from: 'bob' })])).toEqual([
      ...[null, first, null],
    ]);
    expect(await hints().find([])).toEqual([]);
    expect(await hints().claim([other], LONG)).toEqual([other]);
  });

  test('C16: a claim is forgotten after its time, and not before', async () => {
    const first = claim();
    await hints().claim([first], 600);
    await harness.advance(100);
    expect(await hints().claim([claim()], 600)).toEqual([first]);
    await until(
      harness,
      'the claim is forgotten',
      async () => {
        if ((await hints().find([first]))[0] !== null) return false;
        const next = claim({ digest: 'probe' });
        return (await hints().claim([next], 600))[0]?.digest === 'probe';
      },
      5_000,
    );
  });
}
