import { describe, expect, test } from 'vitest';
import { decide, type PushCircumstances, type PushDecision } from './policy.ts';

const FLAGS = ['gone', 'recalled', 'confirmed', 'blocked', 'off', 'muted', 'quiet', 'stale', 'returning'] as const;
const UNREACHABLE = [null, 'no_device', 'no_provider'] as const;

/** Every combination of circumstances. */
const all: PushCircumstances[] = UNREACHABLE.flatMap((unreachable) =>
  Array.from({ length: 2 ** FLAGS.length }, (_, bits) => {
    const flags = Object.fromEntries(FLAGS.map((flag, i) => [flag, (bits & (1 << i)) !== 0]));
    return { ...flags, unreachable } as PushCircumstances;
  }),
);
const of = (keep: (one: PushCircumstances) => boolean): PushDecision[] => all.filter(keep).map(decide);
const silent = (one: PushCircumstances) => one.gone || one.recalled || one.confirmed || one.blocked;
const unwanted = (one: PushCircumstances) => one.off || one.muted || one.quiet;

describe(`the policy, in all ${all.length} circumstances`, () => {
  test('nothing is sent about a message that nobody lacks or may see', () => {
    for (const decision of of(silent)) expect(decision).toMatchObject({ type: 'end', result: 'not_needed' });
  });

  test('nothing is sent to who wants none, now or at all, or who cannot be reached', () => {
    for (const decision of of((one) => unwanted(one) || one.unreachable !== null)) {
      expect(decision).toMatchObject({ type: 'end', result: 'not_needed' });
    }
  });

  test('what is stale is given up, unless there is nothing to give up', () => {
    const nothing = (one: PushCircumstances) => silent(one) || unwanted(one) || one.unreachable !== null;
    expect(new Set(of((one) => one.stale && !nothing(one)).map((one) => JSON.stringify(one)))).toEqual(
      new Set([JSON.stringify({ type: 'end', result: 'given_up', reason: 'stale' })]),
    );
  });

  test('of all of them one sends, and one waits for who is coming back', () => {
    const clear = Object.fromEntries(FLAGS.map((flag) => [flag, false]));
    expect(all.filter((one) => decide(one).type === 'send')).toEqual([{ ...clear, unreachable: null }]);
    expect(all.filter((one) => decide(one).type === 'wait')).toEqual([
      { ...clear, returning: true, unreachable: null },
    ]);
  });

  test('the reason is the first that holds, the device before the message before the person', () => {
    const order = [
      'unreachable',
      'gone',
      'recalled',
      'confirmed',
      'blocked',
      'off',
      'muted',
      'quiet',
      'stale',
    ] as const;
    for (const one of all) {
      const decision = decide(one);
      if (decision.type !== 'end') continue;
      const first = order.find((name) => one[name]);
      expect(decision.reason).toBe(first === 'unreachable' ? one.unreachable : first);
    }
  });
});
