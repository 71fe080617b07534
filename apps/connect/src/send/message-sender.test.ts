import { decodeEvents } from '@chasqui/core';
import { DEFAULT_LIMITS, ImError } from '@chasqui/domain';
import { describe, expect, test } from 'vitest';
import { type Frame, sending } from '../testing/sending.ts';

const typesTo = ({ pushedTo }: ReturnType<typeof sending>, to: string) => pushedTo(to).map(({ type }: Frame) => type);

describe('a message and the bus', () => {
  test('C1: its sender is told that it is queued once it is, and not before', async () => {
    const { promise, resolve } = Promise.withResolvers<void>();
    const world = sending({ publish: () => promise });
    world.send('m1');
    await world.clock.advance(1_000);
    expect([world.told, typesTo(world, 'bob')]).toEqual([[], ['chat']]);
    resolve();
    await world.clock.advance(0);
    expect(world.told).toMatchObject([{ type: 'send_ack', clientMessageId: 'm1' }]);
    expect(world.session.inFlight).toBe(0);
  });

  test('its readers are looked up with its dedup claim; not those who get nothing at once', async () => {
    const claim = Promise.withResolvers<void>();
    const world = sending({ claims: claim.promise });
    world.send('m1');
    world.send('m2', { conversationId: 'team' });
    await world.clock.advance(0);
    expect([world.located, world.pushed]).toEqual([['ann', 'bob'], []]);
    claim.resolve();
    await world.clock.advance(0);
    expect(typesTo(world, 'bob')).toEqual(['chat']);
    expect(world.located).toEqual(['ann', 'bob']);
  });

  test('one text of a message goes to its receiver, to the sender’s other devices and to the bus', async () => {
    const world = sending();
    const content = { text: 'hi "there"', data: { z: 1, a: ['é', null] } };
    world.send('m1', { content });
    await world.clock.advance(0);
    const [toAnn, toBob] = world.pushed;
    expect(toAnn).toMatchObject({ userId: 'ann', exceptSession: 's1' });
    expect(toAnn?.watch).toBeUndefined();
    expect(toBob).toMatchObject({ userId: 'bob', watch: { conversationId: 'ann~bob' } });
    expect(toBob?.frame).toBe(toAnn?.frame);
    const shown = { conversationId: 'ann~bob', from: 'ann', fromDevice: 'phone', to: 'bob', kind: 'c2c', content };
    expect(world.pushedTo('bob')).toMatchObject([{ type: 'chat', clientMessageId: 'm1', ...shown }]);
    const text = toBob?.frame.replace('"type":"chat",', '');
    expect(world.published.join()).toContain(`,"message":${text}}`);
    expect(decodeEvents(world.published[0] ?? '')).toMatchObject([{ audience: ['ann', 'bob'], message: shown }]);
  });

  test('C12: where the bus does not answer, the sender may try again, and what was pushed is taken back everywhere', async () => {
    const world = sending({ publish: () => new Promise(() => {}) });
    world.send('m1');
    await world.clock.advance(DEFAULT_LIMITS.publishDeadlineMs);
    expect(world.told).toMatchObject([{ type: 'error', code: 'bus_unavailable', retry: 'backoff', ref: 'm1' }]);
    expect(typesTo(world, 'bob')).toEqual(['chat', 'retract']);
    expect(typesTo(world, 'ann')).toEqual(['chat', 'retract']);
    const [chat, retract] = world.pushedTo('bob');
    expect(retract.messageId).toBe(chat.messageId);
    expect(world.pushed.filter(({ userId }) => userId === 'ann').map(({ exceptSession }) => exceptSession)).toEqual([
      ...['s1', 's1'],
    ]);
    expect(world.session.inFlight).toBe(0);
  });

  test('C12: the same where the bus refuses', async () => {
    const world = sending({ publish: () => Promise.reject(new ImError('overloaded', 'the log is full')) });
    world.send('m1');
    await world.clock.advance(0);
    expect(world.told).toMatchObject([{ type: 'error', code: 'overloaded', ref: 'm1' }]);
    expect(typesTo(world, 'bob')).toEqual(['chat', 'retract']);
  });

  test('C5: what follows a message that failed is not sent', async () => {
    const world = sending({ publish: () => Promise.reject(new ImError('bus_unavailable', 'away')) });
    world.send('m1');
    await world.clock.advance(0);
    expect(() => world.send('m2', { follows: 'm1' })).toThrow(expect.objectContaining({ code: 'predecessor_missing' }));
  });

  test('C5: what follows a message goes on behind it', async () => {
    const world = sending();
    world.send('m1');
    world.send('m2', { follows: 'm1' });
    await world.clock.advance(0);
    expect(world.told.map(({ type, clientMessageId }) => `${type} ${clientMessageId}`)).toEqual([
      'send_ack m1',
      'send_ack m2',
    ]);
  });
});

describe('a copy of a message that was sent before', () => {
  const FIRST = '1'.repeat(24);

  test('C4: goes on everywhere under the id of the first one', async () => {
    const world = sending({ claim: (claim) => ({ ...claim, messageId: FIRST }) });
    world.send('m1');
    await world.clock.advance(0);
    expect(world.told).toMatchObject([{ type: 'send_ack', messageId: FIRST }]);
    expect(world.pushedTo('bob')).toMatchObject([{ messageId: FIRST }]);
    expect(world.pushed.at(-1)?.watch?.messageId).toBe(FIRST);
    expect(decodeEvents(world.published[0] ?? '')).toMatchObject([{ message: { messageId: FIRST } }]);
  });

  test('C4: is refused where the first one had another content, and nobody sees it', async () => {
    const world = sending({ claim: (claim) => ({ ...claim, digest: 'other.1' }) });
    world.send('m1');
    await world.clock.advance(0);
    expect(world.told).toMatchObject([{ type: 'error', code: 'client_message_id_reused', retry: 'never' }]);
    expect([world.pushed, world.published, world.session.inFlight]).toEqual([[], [], 0]);
  });
});
