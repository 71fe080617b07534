import { createManualClock } from '@chasqui/contracts';
import type { GroupPlan } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { GroupPlans, PAUSE_MS } from './group-plans.ts';

const plan = (messageId: string, fields: Partial<GroupPlan> = {}): GroupPlan => ({
  type: 'group_plan',
  conversationId: 'team',
  messageId,
  from: 'ann',
  at: 1,
  ...fields,
});
const after = { role: 'member', userId: 'bob' } as const;

function world() {
  const clock = createManualClock();
  return { clock, plans: new GroupPlans(clock) };
}

test('the first plan goes at once; what follows within the pause waits, and only its newest is planned', async () => {
  const { clock, plans } = world();
  expect(plans.verdictOn(plan('1'))).toBe('go');
  plans.ended(plan('1'));
  expect([plan('2'), plan('3')].map((one) => plans.verdictOn(one))).toEqual(['wait', 'wait']);
  expect(plans.verdictOn(plan('2'))).toBe('covered');
  await clock.advance(PAUSE_MS);
  expect(plans.verdictOn(plan('2'))).toBe('covered');
  expect(plans.verdictOn(plan('3'))).toBe('go');
});

test('one that mentions all is never covered by another', async () => {
  const { clock, plans } = world();
  plans.verdictOn(plan('1'));
  plans.ended(plan('1'));
  expect(plans.verdictOn(plan('2', { mentions: 'all' }))).toBe('wait');
  expect(plans.verdictOn(plan('3'))).toBe('wait');
  await clock.advance(PAUSE_MS);
  expect(plans.verdictOn(plan('2', { mentions: 'all' }))).toBe('go');
});

test('a plan that goes on is not held up: the next one waits for its end, however long that takes', async () => {
  const { clock, plans } = world();
  plans.verdictOn(plan('1'));
  for (let step = 0; step < 10; step++) {
    await clock.advance(PAUSE_MS);
    expect(plans.verdictOn(plan('2'))).toBe('wait');
    expect(plans.verdictOn(plan('1', { after }))).toBe('go');
  }
  plans.ended(plan('1'));
  await clock.advance(PAUSE_MS);
  expect(plans.verdictOn(plan('2'))).toBe('go');
});

test('a plan that went to another process holds nothing up for ever', async () => {
  const { clock, plans } = world();
  plans.verdictOn(plan('1'));
  await clock.advance(59_000);
  expect(plans.verdictOn(plan('2'))).toBe('wait');
  await clock.advance(1_000);
  expect(plans.verdictOn(plan('2'))).toBe('go');
});

test('a redelivered plan goes on: it is the one that goes', async () => {
  const { clock, plans } = world();
  plans.verdictOn(plan('1'));
  await clock.advance(PAUSE_MS);
  expect(plans.verdictOn(plan('1'))).toBe('go');
});

test('groups do not wait for each other', () => {
  const { plans } = world();
  expect(plans.verdictOn(plan('1'))).toBe('go');
  expect(plans.verdictOn(plan('2', { conversationId: 'other' }))).toBe('go');
});
