import { createManualClock } from '@chasqui/contracts';
import { describe, expect, it } from 'vitest';
import { Gate } from './gate.ts';

const until = (resolve?: () => void) => {
  const { promise, resolve: open } = Promise.withResolvers<void>();
  resolve?.();
  return { promise, open };
};

describe('a gate', () => {
  it('C16: lets so many in, the others in the order in which they came', async () => {
    const clock = createManualClock();
    const gate = new Gate({ clock, limit: 2, maxWaiting: 10 });
    const seen: number[] = [];
    const ends = Array.from({ length: 4 }, () => until());
    const all = ends.map(({ promise }, i) =>
      gate.pass(1_000, () => {
        seen.push(i);
        return promise;
      }),
    );
    await clock.advance(1);
    expect(seen).toEqual([0, 1]);
    ends[1]?.open();
    await clock.advance(1);
    expect(seen).toEqual([0, 1, 2]);
    for (const { open } of ends) open();
    await Promise.all(all);
    expect(seen).toEqual([0, 1, 2, 3]);
  });

  it('C16: turns away who finds too many waiting, and who would wait too long', async () => {
    const clock = createManualClock();
    const gate = new Gate({ clock, limit: 1, maxWaiting: 1 });
    const end = until();
    const first = gate.pass(1_000, () => end.promise);
    const second = expect(gate.pass(500, () => Promise.resolve())).rejects.toMatchObject({ kind: 'busy' });
    await expect(gate.pass(1_000, () => Promise.resolve())).rejects.toMatchObject({ kind: 'busy' });
    await clock.advance(500);
    await second;
    end.open();
    await first;
    expect(await gate.pass(2_000, () => Promise.resolve('in'))).toBe('in');
  });

  it('frees the place of work that fails', async () => {
    const gate = new Gate({ clock: createManualClock(), limit: 1, maxWaiting: 1 });
    await expect(gate.pass(1_000, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
    expect(await gate.pass(1_000, () => Promise.resolve('in'))).toBe('in');
  });
});
