import type { Connection } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { Session } from './session.ts';
import { TokenBucket } from './token-bucket.ts';

test('C16: a session at rest lets go of what says how fast it may send, but only when that says nothing any more', () => {
  const session = new Session({ id: 'c1', subprotocol: '' } as Partial<Connection> as Connection, 's1', 0);
  session.messageBucket = new TokenBucket(10, 2, 0);
  session.messageBucket.take(50);
  session.rest(149);
  expect(session.messageBucket).not.toBeNull();
  session.rest(150);
  expect(session.messageBucket).toBeNull();
});
