import { describe, expect, it } from 'vitest';
import type { MessageStep, StoredMessage } from './message.ts';
import type { MessageStatus } from './status.ts';
import { traceOf } from './trace.ts';

const T = 1_790_000_000_000;
const at = (ms: number, state: MessageStep['state'], node = 'n'): MessageStep => ({ state, at: T + ms, node });

function message(status: MessageStatus, ...steps: MessageStep[]): StoredMessage {
  return {
    messageId: '0'.repeat(24),
    conversationId: 'ann~bob',
    from: 'ann',
    fromDevice: 'phone',
    clientMessageId: 'one',
    kind: 'c2c',
    content: {},
    sentAt: T,
    audience: ['ann', 'bob'],
    revision: 0,
    statuses: { bob: status },
    steps,
  };
}

const push = (ms: number, result: 'accepted' | 'given_up', attempts: number) => ({
  subjectId: '0'.repeat(24),
  userId: 'bob',
  deviceId: 'tablet',
  result,
  provider: 'fcm' as const,
  reason: 'sent',
  attempts,
  at: T + ms,
  node: 'push-1',
});

const told = (steps: readonly { state: string; at: number }[]) => steps.map((step) => [step.state, step.at - T]);

describe('the trace of a message', () => {
  it('names every state of the live way, also those that follow from others', () => {
    const noted = [at(4, 'queued', 'c1'), at(5, 'storing', 'b1'), at(9, 'stored', 'b1'), at(3, 'pushed_live', 'c2')];
    const steps = traceOf(message('read', ...noted, at(7, 'delivered', 'c2'), at(50, 'read', 'c2')), []);
    expect(told(steps)).toEqual([
      ['sending', 0],
      ['dispatching', 0],
      ['pushed_live', 3],
      ['queued', 4],
      ['storing', 5],
      ['delivered', 7],
      ['stored', 9],
      ['read', 50],
    ]);
    expect(steps.slice(0, 2).map(({ node }) => node)).toEqual(['c1', 'c1']);
  });

  it('names every state of the way by the inbox, with the notification and how often it was tried', () => {
    const noted = [at(4, 'queued'), at(5, 'storing'), at(9, 'stored'), at(20, 'unread'), at(21, 'indexed')];
    const back = [at(900, 'syncing'), at(901, 'awaiting_confirmation'), at(950, 'synced'), at(950, 'delivered')];
    const outcomes = [push(100, 'given_up', 5), push(200, 'accepted', 3), push(300, 'accepted', 1)];
    const steps = traceOf(message('delivered', ...noted, ...back), outcomes);
    expect(told(steps.slice(5))).toEqual([
      ['offline', 20],
      ['indexed', 21],
      ['push_sent', 200],
      ['awaiting_sync', 200],
      ['syncing', 900],
      ['awaiting_confirmation', 901],
      ['synced', 950],
      ['delivered', 950],
    ]);
    expect(steps.find(({ state }) => state === 'push_sent')).toMatchObject({ node: 'push-1', retries: 2 });
  });

  it('waits from when it was indexed where no provider was there, or answered only after the device was back', () => {
    const noted = [at(4, 'queued'), at(5, 'storing'), at(20, 'unread'), at(21, 'indexed')];
    const waitsSince = (steps: readonly { state: string; at: number }[]) =>
      steps.find(({ state }) => state === 'awaiting_sync')?.at;
    expect(waitsSince(traceOf(message('unread', ...noted), []))).toBe(T + 21);
    expect(waitsSince(traceOf(message('delivered', ...noted, at(30, 'syncing')), [push(40, 'accepted', 1)]))).toBe(
      T + 21,
    );
  });

  it('is stored when storing began where nobody has noted the commit', () => {
    expect(told(traceOf(message('stored', at(4, 'queued'), at(5, 'storing')), []))).toContainEqual(['stored', 5]);
  });
});
