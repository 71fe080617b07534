import { describe, expect, test } from 'vitest';
import type { Unsent } from '../storing/stored-values.ts';
import { Outbox } from './outbox.ts';
import type { Departure } from './outbox-lane.ts';

const LIMITS = { maxInFlight: 3, answerTimeoutMs: 1_000, backoffMinMs: 100, backoffMaxMs: 800 };

function message(clientMessageId: string, to = 'bob'): Unsent {
  return { clientMessageId, order: 0, to, content: { text: 'x' }, createdAt: 0 };
}

function outboxWith(...names: string[]): Outbox {
  const outbox = new Outbox(LIMITS, () => 0.999);
  for (const name of names) outbox.add(message(name), 0);
  return outbox;
}

function names(departures: Departure[]): string[] {
  return departures.map(({ unsent, follows }) => unsent.clientMessageId + (follows === undefined ? '' : `<${follows}`));
}

describe('C5: the outbox', () => {
  test('sends a conversation in order, each message naming the one before that has no ack', () => {
    const outbox = outboxWith('a', 'b', 'c');
    expect(names(outbox.depart(0))).toEqual(['a', 'b<a', 'c<b']);
    outbox.add(message('d'), 0);
    outbox.queued('a', 'id', 0);
    outbox.queued('b', 'id', 0);
    expect(names(outbox.depart(0))).toEqual(['d<c']);
    outbox.queued('c', 'id', 0);
    outbox.queued('d', 'id', 0);
    outbox.add(message('e'), 0);
    expect(names(outbox.depart(0))).toEqual(['e']);
  });

  test('C16: keeps at most a window in flight, over all conversations', () => {
    const outbox = outboxWith('a', 'b', 'c', 'd');
    outbox.add(message('z', 'zoe'), 0);
    expect(outbox.depart(0)).toHaveLength(3);
    expect(outbox.depart(0)).toHaveLength(0);
    outbox.queued('b', 'id', 0);
    expect(names(outbox.depart(0))).toEqual(['z']);
  });

  test('C18: says of what it sends again that the server may have it', () => {
    const outbox = outboxWith('a', 'b');
    const resends = (departures: Departure[]) => departures.map(({ resend }) => resend);
    expect(resends(outbox.depart(0))).toEqual([false, false]);
    outbox.disconnected();
    outbox.add({ ...message('restored'), wasSent: true }, 0);
    expect(resends(outbox.depart(0))).toEqual([true, true, true]);
  });

  test('a failed message goes back with all later ones of its conversation, and after a back-off in order', () => {
    const outbox = outboxWith('a', 'b', 'c');
    outbox.depart(0);
    outbox.retryLater('b', 10);
    outbox.retryLater('c', 11);
    expect(outbox.depart(50)).toHaveLength(0);
    expect(outbox.nextDue(50)).toBeCloseTo(110, 0);
    expect(names(outbox.depart(110))).toEqual(['b<a', 'c<b']);
  });

  test('the back-off doubles up to its bound, and a success resets it', () => {
    const outbox = outboxWith('a');
    const waits: number[] = [];
    let now = 0;
    const fail = () => {
      outbox.depart(now);
      outbox.retryLater('a', now);
      waits.push(Math.round(outbox.nextDue(now) - now));
      now = outbox.nextDue(now);
    };
    for (let i = 0; i < 5; i++) fail();
    expect(waits).toEqual([100, 200, 400, 799, 799]);
    outbox.add(message('b'), now);
    outbox.depart(now);
    outbox.queued('a', 'id', now);
    outbox.retryLater('b', now);
    expect(Math.round(outbox.nextDue(now) - now)).toBe(100);
  });

  test('another conversation goes on, unless the reason holds for the whole session', () => {
    const outbox = outboxWith('a');
    outbox.depart(0);
    outbox.retryLater('a', 0, 500);
    outbox.add(message('z', 'zoe'), 0);
    expect(names(outbox.depart(0))).toEqual(['z']);
    outbox.retryLater('z', 0, 300, true);
    outbox.add(message('y', 'yan'), 0);
    expect(outbox.depart(299)).toHaveLength(0);
    expect(names(outbox.depart(300)).sort()).toEqual(['y', 'z']);
  });

  test('C4: after a lost connection what has no ack goes out again in order, under the same names', () => {
    const outbox = outboxWith('a', 'b', 'c', 'd');
    outbox.depart(0);
    outbox.queued('a', 'id', 0);
    outbox.retryLater('c', 0, 10_000);
    outbox.disconnected();
    expect(names(outbox.depart(1))).toEqual(['b', 'c<b', 'd<c']);
  });

  test('without any answer a message and those behind it are sent again', () => {
    const outbox = outboxWith('a', 'b');
    outbox.depart(0);
    outbox.expire(999);
    expect(outbox.depart(999)).toHaveLength(0);
    expect(outbox.nextDue(999)).toBe(1_000);
    outbox.expire(1_000);
    expect(names(outbox.depart(1_000))).toEqual(['a', 'b<a']);
  });

  test('an ack that comes while the message waits to be sent again is taken', () => {
    const outbox = outboxWith('a', 'b');
    outbox.depart(0);
    outbox.retryLater('a', 0);
    expect(outbox.queued('b', 'id', 1)?.messageId).toBe('id');
    expect(outbox.queued('b', 'id', 1)).toBeUndefined();
    expect(names(outbox.depart(200))).toEqual(['a']);
    expect(outbox.unsent.size).toBe(2);
    outbox.remove('a');
    outbox.remove('b');
    expect(outbox.unsent.size).toBe(0);
    expect(outbox.nextDue(200)).toBe(Number.POSITIVE_INFINITY);
  });
});
