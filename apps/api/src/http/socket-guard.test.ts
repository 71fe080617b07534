import { expect, test } from 'vitest';
import { SocketGuard } from './socket-guard.ts';

class TestSocket {
  isDestroyed = false;
  destroy() {
    this.isDestroyed = true;
  }
}

function aGuard(bounds = {}) {
  const guard = new SocketGuard<TestSocket>({ maxSockets: 5, maxSocketsPerAddress: 3, ...bounds });
  const open = (network: string) => {
    const socket = new TestSocket();
    return { socket, taken: guard.opened(socket, network) };
  };
  return { guard, open };
}

test('C16: at the bound of an address its own longest quiet socket goes, of nobody else', () => {
  const { guard, open } = aGuard();
  const other = open('b').socket;
  const [first, second, third] = [open('a').socket, open('a').socket, open('a').socket];
  // Its request was answered, so the first socket is no longer the longest quiet one.
  guard.asked(first);
  guard.answered(first);
  expect(open('a').taken).toBe(true);
  expect([first, second, third, other].map(({ isDestroyed }) => isDestroyed)).toEqual([false, true, false, false]);
});

test('C16: a socket that is being answered stays, and where all are, the new one goes', () => {
  const { guard, open } = aGuard();
  const busy = [open('a').socket, open('a').socket, open('a').socket];
  for (const socket of busy) guard.asked(socket);
  expect(open('a').taken).toBe(false);
  expect(busy.some(({ isDestroyed }) => isDestroyed)).toBe(false);
  guard.asked(busy[0] as TestSocket);
  guard.answered(busy[0] as TestSocket);
  // One of its two requests is not answered yet.
  expect(open('a').taken).toBe(false);
  guard.answered(busy[0] as TestSocket);
  expect(open('a').taken).toBe(true);
});

test('C16: at the bound of all, the longest quiet one of all gives way', () => {
  const { open } = aGuard();
  const sockets = ['a', 'a', 'b', 'b', 'c'].map((network) => open(network).socket);
  expect(open('d').taken).toBe(true);
  expect(sockets.map(({ isDestroyed }) => isDestroyed)).toEqual([true, false, false, false, false]);
});

test('a socket that has closed gives its place back, once', () => {
  const { guard, open } = aGuard({ maxSockets: 2 });
  const first = open('a').socket;
  guard.asked(first);
  guard.closed(first);
  guard.closed(first);
  guard.answered(first);
  const rest = [open('a').socket, open('a').socket];
  for (const socket of rest) guard.asked(socket);
  expect(open('b').taken).toBe(false);
});
