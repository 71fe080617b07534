import { ImError } from '@chasqui/domain';
import type { Connection } from '@chasqui/ports';
import { expect, test } from 'vitest';
import { TokenBucket } from '../admission/token-bucket.ts';
import { Session } from './session.ts';

test('C16: a session at rest lets go of what says how fast it may send, but only when that says nothing any more', () => {
  const session = new Session({ id: 'c1', subprotocol: '' } as Partial<Connection> as Connection, 's1', 0);
  session.messageBucket = new TokenBucket(10, 2, 0);
  session.messageBucket.take(50);
  session.rest(149);
  expect(session.messageBucket).not.toBeNull();
  session.rest(150);
  expect(session.messageBucket).toBeNull();
});

test('C15: an engine’s words stay inside: a client gets the code and a sentence of ours', () => {
  const sent: string[] = [];
  const connection = { id: 'c1', subprotocol: '', send: (data: string) => sent.push(data) };
  const session = new Session(connection as unknown as Connection, 's1', 0);
  const driver = new Error('ER_ACCESS_DENIED chasqui@10.0.0.7');
  for (const error of [ImError.from(driver), ImError.from(driver, 'bus_unavailable')]) session.sendError(error, 'r');
  session.sendError(new ImError('store_unavailable', `mysql: ${driver.message}`, {}, driver));
  expect(sent.map((frame) => JSON.parse(frame).code)).toEqual(['internal', 'bus_unavailable', 'store_unavailable']);
  expect(sent.join()).not.toMatch(/ER_ACCESS|10\.0/);
});
