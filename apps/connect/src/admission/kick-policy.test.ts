import { expect, test } from 'vitest';
import { sessionsToEnd } from './kick-policy.ts';

const entry = (sessionId: string, platform: string, since: number) => ({
  userId: 'ann',
  deviceId: sessionId,
  sessionId,
  nodeId: 'n',
  platform,
  since,
});
const others = [entry('tablet', 'ios', 3), entry('laptop', 'web', 1), entry('phone', 'ios', 2)];
const ended = (...[policy, maxDevices]: [Parameters<typeof sessionsToEnd>[0], number]) =>
  sessionsToEnd(policy, { platform: 'ios' }, others, maxDevices)
    .map(({ sessionId }) => sessionId)
    .sort();

test.each([
  ['none', 4, []],
  ['none', 3, ['laptop']],
  ['none', 2, ['laptop', 'phone']],
  ['platform', 4, ['phone', 'tablet']],
  ['platform', 1, ['laptop', 'phone', 'tablet']],
  ['all', 4, ['laptop', 'phone', 'tablet']],
] as const)('with policy %s and room for %i devices, a log-in ends %j', (policy, maxDevices, expected) => {
  expect(ended(policy, maxDevices)).toEqual(expected);
});
