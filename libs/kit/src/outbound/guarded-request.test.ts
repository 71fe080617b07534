import { lookup } from 'node:dns';
import { ImError } from '@chasqui/domain';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { GuardedClient } from './guarded-request.ts';

vi.mock('node:dns', () => ({ lookup: vi.fn() }));

type Answer = (error: Error | null, addresses: { address: string; family: number }[]) => void;

function resolvesTo(...addresses: string[]): void {
  vi.mocked(lookup).mockImplementation(((_host: string, _options: object, answer: Answer) => {
    answer(
      null,
      addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 })),
    );
  }) as never);
}

afterEach(() => vi.resetAllMocks());

describe('a request to a URL that others chose', () => {
  const ask = async (signal = AbortSignal.timeout(500)) => {
    using client = new GuardedClient({ allowPrivate: false, maxSockets: 1 });
    return await client.ask(new URL('http://rebinding.example:9/'), { method: 'GET', headers: {}, signal });
  };

  test('C15: is refused when its name resolves to private addresses alone, at the connection and not before', async () => {
    resolvesTo('127.0.0.1', 'fd00::1', '169.254.169.254');
    await expect(ask()).rejects.toEqual(expect.any(ImError));
    await expect(ask()).rejects.toMatchObject({ code: 'forbidden' });
    expect(lookup).toHaveBeenCalledTimes(2);
  });

  test('C15: of several addresses only public ones are connected to', async () => {
    resolvesTo('127.0.0.1', '192.0.2.1');
    await expect(ask()).rejects.toMatchObject({ code: 'forbidden' });
  });
});

test('C16: names whose resolver hangs hold two threads, whatever number of requests ask for them', async () => {
  const asked: string[] = [];
  const answers: Answer[] = [];
  vi.mocked(lookup).mockImplementation(((host: string, _options: object, answer: Answer) => {
    asked.push(host);
    answers.push(answer);
  }) as never);
  using client = new GuardedClient({ allowPrivate: false, maxSockets: 4 });
  const ask = (host: string) =>
    client.ask(new URL(`http://${host}/`), { method: 'GET', headers: {}, signal: AbortSignal.timeout(100) });
  const all = ['one', 'one', 'two', 'three', 'three'].map((host) => ask(`${host}.example`));
  await Promise.all(all.map((one) => expect(one).rejects.toThrow()));
  expect(asked).toEqual(['one.example', 'two.example']);
  // Their threads are free again: those who waited have their turns, though nobody waits for them any more.
  for (const answer of answers.splice(0)) answer(null, [{ address: '127.0.0.1', family: 4 }]);
  await vi.waitFor(() => expect(asked).toEqual(['one.example', 'two.example', 'three.example']));
  for (const answer of answers.splice(0)) answer(null, [{ address: '127.0.0.1', family: 4 }]);
  await expect(ask('four.example')).rejects.toThrow();
  for (const answer of answers.splice(0)) answer(null, []);
});
