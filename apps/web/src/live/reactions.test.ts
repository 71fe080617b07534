import { type ClientEvents, ImError, type ShownReactions } from '@chasqui/client';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { historyMessage } from '../model/history.ts';
import { sampleId, sampleMessage } from '../testing/sample-message.ts';
import { Reactions } from './reactions.ts';

beforeEach(() => vi.useFakeTimers());
afterEach(() => vi.useRealTimers());

type Told = ClientEvents['reactions'];
const state = (revision: number, counts: ShownReactions['counts'], more: Partial<ShownReactions> = {}) => ({
  revision,
  counts,
  ...more,
});
const ups = (count: number, mine = false) => [{ emoji: '👍', count, ...(mine && { mine }) }];

/** Reactions of `ann~bob`, and the server's part. */
function opened() {
  let tell: (told: Told) => void = () => undefined;
  const asked: { message: unknown; emoji: string; on: boolean | undefined; refuse: (error: ImError) => void }[] = [];
  const client = {
    on: (_: string, listener: (told: Told) => void) => {
      tell = listener;
      return () => undefined;
    },
    react: (_: unknown, message: unknown, emoji: string, on?: boolean) =>
      new Promise<void>((_, refuse) => asked.push({ message, emoji, on, refuse })),
  };
  const name = { conversationId: 'ann~bob', peer: 'bob' };
  const reactions = new Reactions(client as never, name, new AbortController().signal);
  const told = (n: number, now: ShownReactions) => tell({ ...name, messageId: sampleId(n), reactions: now });
  /** Own ones with a star. */
  const shown = (message = stored(1)) =>
    (reactions.of(message)?.counts ?? [])
      .map(({ emoji, count, mine }) => `${emoji}${count}${mine ? '*' : ''}`)
      .join(' ');
  return { reactions, asked, told, shown };
}

const messages = new Map<number, ReturnType<typeof sampleMessage>>();
/** The same object each time. */
function stored(n: number) {
  const message = messages.get(n) ?? sampleMessage(n);
  messages.set(n, message);
  return message as ReturnType<typeof sampleMessage> & { messageId: string };
}

test('a message of the history has its reactions', () => {
  const frame = { type: 'chat', messageId: sampleId(1), conversationId: 'ann~bob', clientMessageId: 'c', from: 'bob' };
  const said = state(4, ups(2, true));
  const message = historyMessage({ ...frame, content: { text: 'a' }, sentAt: 1, reactions: said } as never, 'ann');
  const { shown } = opened();
  expect(shown(message)).toBe('👍2*');
});

test('the newer state is shown, whichever came first; what is the user’s own stays where others react', () => {
  const { reactions, told, shown } = opened();
  reactions.take([{ messageId: sampleId(1), reactions: state(3, ups(2, true)) }] as never);
  expect(shown()).toBe('👍2*');
  told(1, state(5, ups(4), { mineRevision: 0 }));
  expect(shown()).toBe('👍4*');
  told(1, state(4, ups(3), { mineRevision: 0 }));
  reactions.take([{ messageId: sampleId(1), reactions: state(3, ups(2, true)) }] as never);
  expect(shown()).toBe('👍4*');
  expect(shown({ ...stored(1), reactions: state(6, ups(5), { mineRevision: 6 }) })).toBe('👍5');
});

test('a recalled message, and one without its final id, have none', () => {
  const { told, shown } = opened();
  told(1, state(1, ups(1)));
  expect(shown()).toBe('👍1');
  expect(shown({ ...stored(1), recalledAt: 5 })).toBe('');
  expect(shown({ ...stored(1), messageId: '' })).toBe('');
});

test('the client library is told what is shown, and tells what is shown then, also of one that it takes back', () => {
  const { reactions, asked, told, shown } = opened();
  const said = state(4, [{ emoji: '❤️', count: 2 }]);
  void reactions.react({ ...stored(1), reactions: said }, '👍', true);
  expect(asked).toMatchObject([{ message: { messageId: sampleId(1), reactions: said }, emoji: '👍', on: true }]);
  told(1, state(4, [...said.counts, ...ups(1, true)]));
  expect(shown({ ...stored(1), reactions: said })).toBe('❤️2 👍1*');
  // A page of the history that was read before.
  reactions.take([{ messageId: sampleId(1), reactions: said }] as never);
  expect(shown({ ...stored(1), reactions: said })).toBe('❤️2 👍1*');
  told(1, said);
  expect(shown({ ...stored(1), reactions: said })).toBe('❤️2');
});

test('why one is refused stays for a while; what waits for the next login is not refused', async () => {
  const { reactions, asked } = opened();
  const refused = reactions.react(stored(1), '👍', true);
  asked[0]?.refuse(new ImError('action_refused', '', { field: 'emoji' }));
  await refused;
  expect(reactions.refused.get()).toMatchObject({ messageId: sampleId(1), error: { code: 'action_refused' } });
  vi.advanceTimersByTime(20_000);
  expect(reactions.refused.get()).toBeNull();
  const closed = reactions.react(stored(1), '👍', true);
  asked[1]?.refuse(new ImError('connection_closed', ''));
  await closed;
  expect(reactions.refused.get()).toBeNull();
});

test('a storm of reactions to one message changes that of no other one', () => {
  const { reactions, told } = opened();
  const message = { ...stored(2), reactions: state(1, ups(1)) };
  told(2, state(2, ups(2)));
  const other = reactions.of(message);
  expect(other?.counts).toEqual(ups(2));
  let calls = 0;
  reactions.subscribe(() => calls++);
  for (let n = 1; n <= 100; n++) told(1, state(n, ups(n), { mineRevision: 0 }));
  for (let n = 1; n < 100; n++) told(1, state(n, ups(n), { mineRevision: 0 }));
  expect(calls).toBe(100);
  expect(reactions.of(message)).toBe(other);
});
