import { DEFAULT_LIMITS, defined } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { lateClock } from '../testing/late-clock.ts';
import { sending } from '../testing/sending.ts';

const limits = { ...DEFAULT_LIMITS, maxContentBytes: 100, messagesPerSecond: 10, messageBurst: 5 };

/** Ann's phone on a node whose timers are late when the test says so. */
function stage({ isLight = false } = {}) {
  const { clock, pass, fire } = lateClock(1_000);
  let n = 0;
  const { send, session, load } = sending({ clock, limits, isLight });
  const take = (fields: Parameters<typeof send>[1] = {}) => send(`m${++n}`, fields);
  return { load, session, take, fire, pass };
}

const refusedAs = (code: string, field?: string) =>
  expect.objectContaining({ code, details: expect.objectContaining(defined({ field })) });

test('C15, C16: content is measured in bytes', () => {
  const { take } = stage();
  const text = '好'.repeat(29);
  take({ content: { text } });
  expect(() => take({ content: { text: `${text}!!!` } })).toThrow(refusedAs('content_too_large', 'content'));
});

test('C15: a kind of message that nobody knows is refused, also one with the name of a method', () => {
  const { take } = stage();
  for (const kind of ['room', 'toString', '__proto__']) expect(() => take({ kind })).toThrow(refusedAs('unknown_kind'));
});

test('C5: what follows a message that was not accepted is refused', () => {
  const { take } = stage();
  expect(() => take({ follows: 'a' })).toThrow(refusedAs('predecessor_missing', 'follows'));
  take({ clientMessageId: 'a' });
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
  expect(session.inFlight).toBe(limits.maxInFlightPerSession);
  expect(() => take()).toThrow(refusedAs('too_fast'));
});

test('C16: while what was accepted waits too long for the bus, nothing more is taken', () => {
  const { take, load } = stage();
  load.delayMs = limits.maxQueueDelayMs;
  take();
  load.delayMs = limits.maxQueueDelayMs + 1;
  expect(() => take()).toThrow(refusedAs('overloaded'));
});

test('C16: a process that comes to its work too late takes no more, unless it has hardly any', () => {
  const { take, load, fire, pass } = stage();
  const late = () => pass(20 + limits.maxTurnDelayMs + 1);
  load.waiting = 100;
  take();
  late();
  // One late turn is an accident.
  take();
  fire();
  late();
  expect(() => take()).toThrow(refusedAs('overloaded'));
  load.waiting = 99;
  take();
});

test('C16: users who take little are refused later: at twice the age, and at twice the lateness', () => {
  const { take, load, fire, pass } = stage({ isLight: true });
  load.delayMs = 2 * limits.maxQueueDelayMs;
  take();
  load.delayMs++;
  expect(() => take()).toThrow(refusedAs('overloaded'));
  load.delayMs = 0;
  load.waiting = 100;
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
