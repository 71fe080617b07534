import { createManualClock } from '@chasqui/contracts';
import { expect, test } from 'vitest';
import { VerifiedTokens } from './verified-tokens.ts';

const claims = (userId: string) => ({ userId, expiresAt: Number.POSITIVE_INFINITY, issuedAt: 0 });

test('C16: what was verified is trusted for a minute, and forgotten after it when another comes', async () => {
  const clock = createManualClock();
  const verified = new VerifiedTokens(clock);
  verified.add('a', claims('ana'));
  await clock.advance(30_000);
  verified.add('b', claims('bob'));
  await clock.advance(29_999);
  expect([verified.get('a'), verified.get('b')]).toEqual([claims('ana'), claims('bob')]);
  await clock.advance(1);
  expect(verified.get('a')).toBeNull();
  await clock.advance(30_000);
  verified.add('c', claims('cid'));
  expect(verified.size).toBe(1);
});

test('C16: of more than its bound it keeps the latest', () => {
  const verified = new VerifiedTokens(createManualClock());
  for (let i = 0; i <= 10_000; i++) verified.add(`${i}`, claims('ana'));
  expect(verified.size).toBe(10_000);
  expect(verified.get('0')).toBeNull();
  expect(verified.get('10000')).toEqual(claims('ana'));
});
