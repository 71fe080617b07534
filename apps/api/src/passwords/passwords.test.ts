import { createManualClock } from '@chasqui/contracts';
import { expect, test } from 'vitest';
import { Passwords } from './passwords.ts';
import { hashPassword, matchesPassword } from './scrypt-hash.ts';

const cheap = { N: 16, r: 1, p: 1 };
const bounds = { maxHashing: 2, maxWaitingToHash: 3, maxWaitingToHashPerAddress: 3, maxHashingWaitMs: 5_000 };
const passwords = (settings = {}) =>
  new Passwords({ passwordCost: cheap, ...bounds, ...settings }, createManualClock());
const asker = { owner: '203.0.113.7' };

test('a hash says how it was made, is salted, and matches its password alone', async () => {
  const cost = { N: 2 ** 10, r: 8, p: 2 };
  const [one, two] = await Promise.all([hashPassword('köln 密码', cost), hashPassword('köln 密码', cost)]);
  expect(one).toMatch(/^\$scrypt\$ln=10,r=8,p=2\$[^$=]+\$[^$=]{43}$/);
  expect(one).not.toBe(two);
  expect(await matchesPassword('köln 密码', one)).toBe(true);
  expect(await matchesPassword('ko\u0308ln 密码', one)).toBe(true);
  expect(await matchesPassword('koln 密码', one)).toBe(false);
  expect(await matchesPassword('', one)).toBe(false);
});

test.each(['', 'plain', '$scrypt$ln=4,r=1,p=1$$', '$2b$10$abcdefghijklmnopqrstuv', '$scrypt$ln=4,r=1,p=1$AAAA$AAAA'])(
  'nothing matches %j, which is no hash of ours',
  async (hash) => {
    expect(await matchesPassword('anything', hash)).toBe(false);
  },
);

test('an unknown user matches nothing, not even the decoy, and is hashed for as a known one', async () => {
  expect(await passwords().matches('nobody has this one', null, asker)).toBe(false);
  const slow = passwords({ passwordCost: { N: 2 ** 14, r: 8, p: 1 } });
  const known = await slow.hash('secret word', asker);
  const timed = async (hash: string | null) => {
    const start = process.cpuUsage();
    for (let i = 0; i < 5; i++) await slow.matches('another word', hash, asker);
    return process.cpuUsage(start).user;
  };
  await timed(null);
  expect((await timed(null)) / (await timed(known))).toBeGreaterThan(0.4);
});

test('C16: a few are hashed at once, a few wait, and more are refused with a time to wait', async () => {
  const subject = passwords();
  const outcomes = await Promise.allSettled(Array.from({ length: 8 }, () => subject.hash('secret word', asker)));
  const refused = outcomes
    .filter(({ status }) => status === 'rejected')
    .map((outcome) => (outcome as PromiseRejectedResult).reason);
  expect(refused).toHaveLength(3);
  for (const error of refused) expect(error).toMatchObject({ code: 'overloaded', retry: 'backoff' });
  const after = await Promise.all(Array.from({ length: 5 }, () => subject.hash('secret word', asker)));
  expect(after).toHaveLength(5);
});
