import { directAudience, type PushOutcome, type StoredMessage, traceOf } from '@chasqui/domain';
import { expect, it } from 'vitest';
import { traceLines } from './trace-lines.ts';

const T = Date.UTC(2026, 0, 1);

it('tells a trace one state a line, with its time, its node, what it means and how often it was tried', () => {
  const message: StoredMessage = {
    messageId: '0'.repeat(24),
    conversationId: 'ann~bob',
    from: 'ann',
    fromDevice: 'phone',
    audience: directAudience('ann', 'bob'),
    clientMessageId: 'one',
    kind: 'c2c',
    content: { text: 'a secret' },
    sentAt: T,
    statuses: { bob: 'unread' },
    revision: 0,
    steps: [
      { state: 'queued', at: T + 2, node: 'connect-1' },
      { state: 'storing', at: T + 3, node: 'business-1', retries: 1 },
      { state: 'stored', at: T + 1_500, node: 'business-1', retries: 3 },
      { state: 'unread', at: T + 1_501, node: 'connect-1' },
    ],
  };
  const refused: PushOutcome = {
    subjectId: message.messageId,
    userId: 'bob',
    deviceId: 'tablet',
    result: 'refused',
    provider: 'fcm',
    reason: 'UNREGISTERED',
    attempts: 2,
    at: T + 1_600,
    node: 'push-1',
  };
  const lines = traceLines(message, traceOf(message, [refused]), [refused]);
  expect(lines.join('\n')).not.toContain('a secret');
  expect(lines[3]).toBe('now        unread: waits for the receiver, who is offline');
  const steps = lines.slice(5, 12);
  const column = steps.map((line) => line.indexOf('Z '));
  expect(new Set(column)).toEqual(new Set([45]));
  expect(steps.map((line) => line.slice(0, 22).trim())).toEqual([
    'sending',
    'dispatching',
    'queued',
    'storing',
    'stored',
    'offline',
    'awaiting sync',
  ]);
  expect(steps[3]).toMatch(/ \+3 ms {2}business-1 {2}a Business process began .* \(after a failed try\)$/);
  expect(steps[4]).toMatch(/ \+1500 ms {2}business-1 {2}committed; .* \(after 3 failed tries\)$/);
  expect(steps[5]).toMatch(/ {2}connect-1 {3}no device of the receiver was online/);
  expect(lines.at(-1)).toMatch(/^refused .* push-1 {6}tablet: fcm, UNREGISTERED; requests: 2$/);
});
