import { DEFAULT_LIMITS, defined, HybridClock } from '@chasqui/domain';
import type { Connection } from '@chasqui/ports';
import type { ClientFrameOf } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { Admission } from '../admission/admission.ts';
import { Session } from '../sessions/session.ts';
import { lateClock } from '../testing/late-clock.ts';
import { SendChecks } from './send-checks.ts';

const limits = { ...DEFAULT_LIMITS, maxContentBytes: 100, messagesPerSecond: 10, messageBurst: 5 };

/** A node's checks with what they go by, and a session of ann's. */
function stage({ isLight = false } = {}) {
  const { clock, pass, fire } = lateClock(1_000);
  const publisher = { waiting: 0, waitingCharacters: 0, delayMs: 0 };
  const ids = new HybridClock({ now: clock.now, tag: 1 });
  const work = { isLight: () => isLight };
  const admission = new Admission({ clock, limits, publisher, work });
  const checks = new SendChecks({ clock, limits, ids, admission });
  const session = new Session(
    { id: 'c1', subprotocol: '' } as Partial<Connection> as Connection,
    's1',
    clock.monotonic(),
  );
  session.userId = 'ann';
  const take = (fields: Partial<ClientFrameOf<'chat'>> = {}) => {
    const frame: ClientFrameOf<'chat'> = {
      type: 'chat',
      kind: 'c2c',
      to: 'bob',
      clientMessageId: 'a',
      content: { text: 'hi' },
    };
    return checks.take(session, { ...frame, ...fields }, 0);
  };
  return { publisher, session, take, fire, pass };
}

const refusedAs = (code: string, field?: string) =>
  expect.objectContaining({ code, details: expect.objectContaining(defined({ field })) });

test('a message that nothing is against is stamped and taken', () => {
  const message = stage().take();
  expect(message).toMatchObject({ conversationId: 'ann~bob', from: 'ann', to: 'bob', sentAt: 1_000 });
});

test('C15, C16: content is measured in bytes', () => {
  const { take } = stage();
  const text = '好'.repeat(29);
  expect(take({ content: { text } }).content).toEqual({ text });
  expect(() => take({ content: { text: `${text}!!!` } })).toThrow(refusedAs('content_too_large', 'content'));
});

test('C5: what follows a message that was not accepted is refused', () => {
  const { take, session } = stage();
  expect(() => take({ follows: 'a' })).toThrow(refusedAs('predecessor_missing', 'follows'));
  session.order.accept('ann~bob', 'a');
  take({ follows: 'a' });
});

test('C16: a session sends as fast as it may, and has so many messages under way at most', () => {
  const { take, session, pass } = stage();
  for (let n = 0; n < limits.messageBurst; n++) take();
  expect(() => take()).toThrow(refusedAs('too_fast'));
  pass(100);
  session.inFlight = limits.maxInFlightPerSession - 1;
  take();
  pass(100);
  session.inFlight = limits.maxInFlightPerSession;
  expect(() => take()).toThrow(refusedAs('too_fast'));
});

test('C16: while what was accepted waits too long for the bus, nothing more is taken', () => {
  const { take, publisher } = stage();
  publisher.delayMs = limits.maxQueueDelayMs;
  take();
  publisher.delayMs = limits.maxQueueDelayMs + 1;
  expect(() => take()).toThrow(refusedAs('overloaded'));
});

test('C16: a process that comes to its work too late takes no more, unless it has hardly any', () => {
  const { take, publisher, fire, pass } = stage();
  const late = () => pass(20 + limits.maxTurnDelayMs + 1);
  publisher.waiting = 100;
  take();
  late();
  // Once is an accident.
  take();
  fire();
  late();
  expect(() => take()).toThrow(refusedAs('overloaded'));
  publisher.waiting = 99;
  take();
});

test('C16: users who take little are refused later: at twice the age, and at twice the lateness', () => {
  const { take, publisher, fire, pass } = stage({ isLight: true });
  publisher.delayMs = 2 * limits.maxQueueDelayMs;
  take();
  publisher.delayMs++;
  expect(() => take()).toThrow(refusedAs('overloaded'));
  publisher.delayMs = 0;
  publisher.waiting = 100;
  const late = (ms: number) => {
    take();
    pass(20 + ms);
    fire();
    take();
    pass(20 + ms);
  };
  late(2 * limits.maxTurnDelayMs);
  take();
  pass(1);
  fire();
  pass(20 + 2 * limits.maxTurnDelayMs + 1);
  expect(() => take()).toThrow(refusedAs('overloaded'));
});
