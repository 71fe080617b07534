import { createManualClock } from '@chasqui/contracts';
import { EventPublisher, ReadOnlyMode } from '@chasqui/core';
import { DEFAULT_LIMITS, HybridClock, type Limits } from '@chasqui/domain';
import { silentLogger } from '@chasqui/kit';
import type { MessageBus } from '@chasqui/ports';
import type { ClientFrameOf } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { PushWatch } from '../deliver/push-watch.ts';
import { handleAck as handleAckFrame } from '../frames/ack.ts';
import { handleConfirm } from '../frames/confirm.ts';
import { handleRecall } from '../frames/recall.ts';
import type { NodeContext } from '../node-context.ts';
import type { Session } from '../sessions/session.ts';
import { Admission } from './admission.ts';
import { WorkBudgets } from './work-budgets.ts';

/** A refusal is thrown at once: callers see it as they see one that comes later. */
const handleAck = async (...frame: Parameters<typeof handleAckFrame>) => handleAckFrame(...frame);
const conversationId = 'ann~bob';
const session = {
  userId: 'bob',
  deviceId: 'phone',
  sessionId: 's1',
  paidAcks: 0,
  send() {},
} as Partial<Session> as Session;

/** A node whose bus answers only when the test says so. */
function node(bounds: Partial<Limits>) {
  const clock = createManualClock();
  const limits: Limits = { ...DEFAULT_LIMITS, ...bounds };
  const ids = new HybridClock({ now: clock.now, tag: 1 });
  const gate = Promise.withResolvers<void>();
  const bus = { shards: () => 1, publish: () => gate.promise };
  const publisher = new EventPublisher({ bus: bus as Partial<MessageBus> as MessageBus, clock, limits });
  const watch = new PushWatch({ clock, ackTimeoutMs: 15_000, maxUnacked: 100, maxUnackedPerUser: 100 });
  const work = new WorkBudgets({ clock, limits });
  const admission = new Admission({ clock, limits, publisher, work });
  const context = {
    nodeId: 'n1',
    clock,
    limits,
    ids,
    publisher,
    watch,
    work,
    admission,
    readOnly: new ReadOnlyMode({ clock, logger: silentLogger }),
  } as Partial<NodeContext> as NodeContext;
  const ack = (...messageIds: string[]) =>
    handleAck(context, session, { type: 'ack', state: 'delivered', conversationId, messageIds });
  const answer = async () => {
    gate.resolve();
    await publisher.idle();
  };
  return { context, ids, watch, work, ack, answer };
}

const frames = (
  messageId: string,
): {
  ack: ClientFrameOf<'ack'>;
  recall: ClientFrameOf<'recall'>;
  confirm: ClientFrameOf<'confirm_messages_synced'>;
} => ({
  ack: { type: 'ack', state: 'delivered', conversationId, messageIds: [messageId] },
  recall: { type: 'recall', conversationId, messageId },
  confirm: { type: 'confirm_messages_synced', position: 1 },
});

test('C16: acks, recalls and confirmations beyond what may be in flight are refused, and taken when there is room', async () => {
  const { context, ids, ack, answer } = node({ maxInFlightPerNode: 4 });
  const overloaded = expect.objectContaining({ code: 'overloaded', retry: 'backoff' });
  const { ack: ackFrame, recall, confirm } = frames(ids.next());
  const send = {
    ack: () => handleAck(context, session, ackFrame),
    recall: () => handleRecall(context, session, recall),
    confirm: () => handleConfirm(context, session, confirm),
  };
  const taken = [send.ack(), send.recall(), send.confirm()];
  for (const again of Object.values(send)) await expect(again()).rejects.toEqual(overloaded);
  await answer();
  await Promise.all(taken);
  await ack(ids.next());
});

test('C16: the last quarter of what may be in flight is for users who take little', async () => {
  const { context, ids, work, ack, answer } = node({ maxInFlightPerNode: 4 });
  work.spend('ann', 1_000);
  work.spend('bob', 1_000);
  const taken = [ack(ids.next()), ack(ids.next()), ack(ids.next())];
  await expect(ack(ids.next())).rejects.toMatchObject({ code: 'overloaded' });
  const light = { ...session, userId: 'ben' } as Session;
  const { ack: frame } = frames(ids.next());
  const ofBen = () => handleAck(context, light, { ...frame, conversationId: 'ann~ben' });
  const last = ofBen();
  await expect(ofBen()).rejects.toMatchObject({ code: 'overloaded' });
  await answer();
  await Promise.all([...taken, last]);
});

test('C16: what is in flight is bounded by its size too', async () => {
  const { ids, ack, answer } = node({ maxInFlightCharactersPerNode: 2_000 });
  const large = ack(...Array.from({ length: 100 }, () => ids.next()));
  await expect(ack(ids.next())).rejects.toMatchObject({ code: 'overloaded' });
  await answer();
  await large;
});

test('C9: an ack that is refused notes nothing: the messages stay watched', async () => {
  const { ids, watch, ack } = node({ maxInFlightPerNode: 0 });
  const [first, second] = [ids.next(), ids.next()];
  for (const messageId of [first, second]) watch.push('bob', messageId, conversationId);
  await expect(ack(first, second)).rejects.toMatchObject({ code: 'overloaded' });
  expect(watch.size).toBe(2);
});

test('C9, C15: an ack with an id from the future is one of what was never sent, and moves no clock', async () => {
  const { ids, watch, ack, answer } = node({});
  const messageId = ids.next();
  watch.push('bob', messageId, conversationId);
  const acked = ack(messageId, 'f'.repeat(24));
  await answer();
  await acked;
  expect(watch.size).toBe(0);
  expect(ids.aheadMs()).toBe(0);
});
