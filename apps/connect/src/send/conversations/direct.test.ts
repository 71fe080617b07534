import type { BlockedBy } from '@chasqui/core';
import { type BlockedSenderPolicy, contentDigests, DEFAULT_LIMITS, ImError, type Message } from '@chasqui/domain';
import { silentLogger, systemClock } from '@chasqui/kit';
import type { DedupClaim } from '@chasqui/ports';
import { describe, expect, test } from 'vitest';
import type { Session } from '../../sessions/session.ts';
import { meetFirstCopies } from '../first-copies.ts';
import { DirectConversations } from './direct.ts';

const FIRST = '1'.repeat(24);
const ann = { userId: 'ann' } as Session;
const message: Message = {
  messageId: '2'.repeat(24),
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'phone',
  clientMessageId: 'k',
  kind: 'c2c',
  sentAt: 1_000,
  content: { text: 'hi', data: { z: 1, a: 2 } },
  audience: [],
};
const other: Message = { ...message, content: { text: 'hi', data: { z: 1, a: 3 } } };
const digestsOf = ({ kind, content }: Message) => contentDigests({ to: 'bob', kind, content });

interface Sent {
  sent?: Message;
  /** Who blocks whom at the moment. */
  blockedBy?: BlockedBy;
  policy?: BlockedSenderPolicy;
}

/** What happens to a message from ann to bob whose claim gets this answer, and what it claims. */
async function met(answer: string | undefined, { sent = message, blockedBy = 'nobody', policy = 'refuse' }: Sent = {}) {
  const copy = { ...sent };
  const claimed: string[] = [];
  const claim = async (claims: readonly DedupClaim[]) => {
    claimed.push(...claims.map(({ digest }) => digest));
    return claims.map((one) => (answer === undefined ? one : { ...one, messageId: FIRST, digest: answer }));
  };
  const direct = new DirectConversations({ blocks: { between: () => blockedBy }, policy });
  const decision = await direct.resolve(ann, { to: 'bob' }).decide();
  if (decision instanceof ImError) throw decision;
  const [error] = await meetFirstCopies([{ message: copy, digests: digestsOf(sent), decision, forward: undefined }], {
    dedup: { claim } as never,
    clock: systemClock,
    limits: DEFAULT_LIMITS,
    ids: { observe() {} },
    logger: silentLogger,
  });
  return { code: error?.code, messageId: copy.messageId, audience: copy.audience, claimed };
}

const [digest, former = ''] = digestsOf(message);
const both = { code: undefined, audience: ['ann', 'bob'] };
const own = { code: undefined, audience: ['ann'] };
const refused = { code: 'blocked', audience: [] };

describe('a direct message', () => {
  test('goes to both inboxes; to its sender’s alone, or nowhere, where one of the two blocks the other', async () => {
    expect(await met(undefined)).toMatchObject({ ...both, claimed: [digest] });
    for (const [blockedBy, policy, outcome, claimed] of [
      ['other', 'silence', own, `silenced ${digest}`],
      ['other', 'refuse', refused, 'blocked'],
      ['asker', 'silence', refused, 'blocked'],
      ['asker', 'refuse', refused, 'blocked'],
    ] as const) {
      expect(await met(undefined, { blockedBy, policy })).toMatchObject({ ...outcome, claimed: [claimed] });
    }
  });

  test('C3, C4: a resend meets what its first copy met, though the block came or went meanwhile', async () => {
    const now: Sent[] = [{}, { blockedBy: 'other' }, { blockedBy: 'other', policy: 'silence' }, { blockedBy: 'asker' }];
    for (const sent of now) {
      for (const kept of [digest, former]) {
        expect(await met(kept, sent)).toMatchObject({ ...both, messageId: FIRST });
        expect(await met(`silenced ${kept}`, sent)).toMatchObject({ ...own, messageId: FIRST });
      }
      expect(await met('blocked', sent)).toMatchObject(refused);
      expect(await met('blocked', { ...sent, sent: other })).toMatchObject(refused);
    }
  });

  test('C4: another content under the same id is an error, also behind a silenced copy', async () => {
    expect(former).not.toBe(digest);
    for (const kept of [digest, former, `silenced ${digest}`, `silenced ${former}`]) {
      expect(await met(kept, { sent: other })).toMatchObject({ code: 'client_message_id_reused', audience: [] });
    }
    const turned = { ...message, content: { data: { a: 2, z: 1 }, text: 'hi' } };
    expect(await met(digest, { sent: turned })).toMatchObject({ ...both, messageId: FIRST });
  });
});

test('C15: a message to oneself, or to no user id, is refused at once', () => {
  const direct = new DirectConversations({ blocks: { between: () => 'nobody' }, policy: 'refuse' });
  for (const to of ['ann', 'b~b', '']) {
    expect(() => direct.resolve(ann, { to })).toThrow(expect.objectContaining({ code: 'recipient_invalid' }));
  }
});
