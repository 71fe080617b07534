import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatMessageId } from './message-id.ts';
import { highestSent, MAX_SENT_ORDER, noteMoved, placeMessage, type SentOrder } from './sent-order.ts';

const idAt = (millis: number) => formatMessageId({ millis: 1_000 + millis, counter: 0, tag: 1 });
/** A time so long ago that no id passes by its time alone. */
const LONG_AGO = -10_000;
const USERS = ['ann', 'bob', 'cat'];
const time = fc.nat({ max: 40 });
const sent = fc.record({
  by: fc.constantFrom(...USERS),
  device: fc.nat({ max: 9 }),
  millis: time,
  after: fc.option(time, { nil: undefined }),
});

test('C5: each device’s ids rise, no id is given twice, and what is remembered keeps its bound', () => {
  fc.assert(
    fc.property(fc.array(sent, { maxLength: 60 }), (messages) => {
      const orders = new Map<string, SentOrder>();
      const last = new Map<string, string>();
      const given = new Map<string, string>();
      for (const [n, { by, device, millis, after }] of messages.entries()) {
        const orderOf = (user: string) => orders.get(user) ?? '';
        const others = USERS.filter((user) => user !== by).map(orderOf);
        const highest = USERS.map(orderOf).map(highestSent).sort().at(-1) ?? '';
        const message = {
          messageId: idAt(millis),
          from: by,
          fromDevice: `d${device}`,
          clientMessageId: `k${n}`,
          ...(after === undefined ? {} : { after: idAt(after) }),
        };
        const { messageId, order } = placeMessage(orderOf(by), others, message, LONG_AGO);
        orders.set(by, order);
        expect(order.length).toBeLessThanOrEqual(MAX_SENT_ORDER);
        expect(highestSent(order) >= messageId).toBe(true);
        expect(messageId > (last.get(`${by} ${device}`) ?? '')).toBe(true);
        last.set(`${by} ${device}`, messageId);
        if (message.messageId > highest) expect(messageId).toBe(message.messageId);
        const seen = after === undefined ? undefined : given.get(idAt(after));
        if (seen !== undefined) expect(messageId > seen).toBe(true);
        if (!given.has(message.messageId)) given.set(message.messageId, messageId);
      }
    }),
    { numRuns: 300 },
  );
});

test('C5: what a version without devices has written is the last message of them all', () => {
  const old = idAt(7);
  const message = { messageId: idAt(3), from: 'ann', fromDevice: 'phone', clientMessageId: 'k' };
  const { messageId, order } = placeMessage(old, [], message, LONG_AGO);
  expect(messageId > old).toBe(true);
  const kept = placeMessage(order, [], { ...message, messageId: idAt(9), clientMessageId: 'l' }, LONG_AGO);
  expect(kept.messageId).toBe(idAt(9));
  const laptop = { ...message, fromDevice: 'laptop', messageId: idAt(5), clientMessageId: 'm' };
  expect(placeMessage(kept.order, [], laptop, LONG_AGO).messageId > old).toBe(true);
});

test('C5: a second copy under a later id moves nothing', () => {
  expect(noteMoved('', idAt(9), idAt(3))).toBe('');
  const moved = noteMoved('', idAt(3), idAt(9));
  expect(noteMoved(moved, idAt(4), idAt(8))).toBe(moved);
});
