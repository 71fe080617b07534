import { expect, test } from 'vitest';
import { assemble } from './assemble.ts';

function part(name: string, closed: string[]): AsyncDisposable {
  return {
    async [Symbol.asyncDispose]() {
      closed.push(name);
    },
  };
}

test('what was opened first is closed last, and only when the whole is disposed', async () => {
  const closed: string[] = [];
  const whole = await assemble(async (stack) => {
    stack.use(part('engines', closed));
    stack.use(part('server', closed));
    return { port: 4 };
  });
  expect(whole.port).toBe(4);
  expect(closed).toEqual([]);
  await whole[Symbol.asyncDispose]();
  expect(closed).toEqual(['server', 'engines']);
});

test('what is open is closed when a later part cannot be opened', async () => {
  const closed: string[] = [];
  const failing = assemble(async (stack) => {
    stack.use(part('engines', closed));
    throw new Error('the port is taken');
  });
  await expect(failing).rejects.toThrow('the port is taken');
  expect(closed).toEqual(['engines']);
});
