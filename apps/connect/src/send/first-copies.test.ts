import { contentDigests, DEFAULT_LIMITS, type Message } from '@chasqui/domain';
import { silentLogger, systemClock } from '@chasqui/kit';
import type { DedupClaim } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { meetFirstCopies } from './first-copies.ts';

const message: Message = {
  messageId: '2'.repeat(24),
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  to: 'bob',
  clientMessageId: 'k',
  kind: 'c2c',
  sentAt: 1_000,
  content: { text: 'hi', data: { z: 1, a: 2 } },
};
const other = { ...message, content: { text: 'hi', data: { z: 1, a: 3 } } };

/** What meets a message whose first copy left this digest. */
async function met(kept: string, sent: Message): Promise<unknown[]> {
  const copy = { ...sent };
  const claim = async (claims: readonly DedupClaim[]) =>
    claims.map((one) => ({ ...one, messageId: '1'.repeat(24), digest: kept }));
  const [error] = await meetFirstCopies([{ message: copy, blockedBy: 'nobody' }], {
    dedup: { claim } as never,
    clock: systemClock,
    limits: DEFAULT_LIMITS,
    ids: { observe() {} },
    blockedSenders: 'refuse',
    logger: silentLogger,
  });
  return [error?.code, copy.messageId, copy.silenced];
}

test('C4: a resend meets what its first copy met, whichever release kept its digest', async () => {
  const [digest, former = ''] = contentDigests(message);
  const turned = { ...message, content: { data: { a: 2, z: 1 }, text: 'hi' } };
  expect(former).not.toBe(digest);
  for (const kept of [digest, former]) {
    expect(await met(kept, message)).toEqual([undefined, '1'.repeat(24), undefined]);
    expect(await met(`silenced ${kept}`, message)).toEqual([undefined, '1'.repeat(24), true]);
    expect((await met(kept, other))[0]).toBe('client_message_id_reused');
  }
  expect(await met(digest, turned)).toEqual([undefined, '1'.repeat(24), undefined]);
});
