import { expect, test } from 'vitest';
import { answerOf } from './api-answer.ts';

const SERVER = 'http://127.0.0.1:4400';
const answer = (body: string, status = 200) => answerOf(SERVER, Promise.resolve(new Response(body, { status })));

test('an answer is its JSON, or null without any', async () => {
  expect(await answer('{"next":7}')).toEqual({ next: 7 });
  expect(await answer('')).toBe(null);
});

test('a refusal has its code, words and field; an unknown code stands for an internal error', async () => {
  const refusal = { error: { code: 'invalid_request', message: 'name is too long', field: 'name' } };
  await expect(answer(JSON.stringify(refusal), 400)).rejects.toMatchObject({
    code: 'invalid_request',
    message: 'name is too long',
    details: { field: 'name' },
  });
  const newer = { error: { code: 'not_yet_known', message: 'no' } };
  await expect(answer(JSON.stringify(newer), 400)).rejects.toMatchObject({ code: 'internal', message: 'no' });
});

test('C15: what is no answer of Chasqui is said to be none, and may be asked again', async () => {
  for (const [body, status] of [
    ['<h1>Bad Gateway</h1>', 502],
    ['<h1>Welcome</h1>', 200],
    ['{"message":"no route"}', 404],
    ['', 500],
  ] as const) {
    await expect(answer(body, status), body).rejects.toMatchObject({
      code: 'connection_closed',
      retry: 'reconnect',
      message: `what answers at ${SERVER} is no server of Chasqui (status ${status})`,
    });
  }
  await expect(answerOf(SERVER, Promise.reject(new TypeError('fetch failed')))).rejects.toMatchObject({
    code: 'connection_closed',
    message: expect.stringContaining(`no server answers at ${SERVER}`),
  });
});
