import type { ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { createClient, type FullClient } from '../index.ts';
import { id, ScriptedServer } from '../testing/scripted-server.ts';
import { ScriptedTabs } from '../testing/scripted-tabs.ts';

const refusal = { type: 'error', code: 'not_allowed', message: 'no', retry: 'never', field: 'by.docs' } as const;
const expected = { code: 'not_allowed', retry: 'never', details: { field: 'by.docs' } };

/** What a client asks a session for; the server answers with an error. HTTP is in `api-call.test.ts`. */
const ASKED: [name: string, ask: (client: FullClient) => Promise<unknown>][] = [
  ['send', (client) => client.send({ to: 'bob', content: { text: 'x' } }).stored],
  ['recall', (client) => client.recall('bob', id(1))],
  ['edit', (client) => client.edit('bob', id(1), { text: 'x' })],
  ['react', (client) => client.react('bob', id(1), '👍')],
];

test.each(ASKED)('C15: a refusal of %s rejects with the field that the server names', async (_, ask) => {
  const server = new ScriptedServer();
  const client = createClient(server.options());
  client.connect().catch(() => undefined);
  server.login();
  const asked = ask(client);
  await Promise.resolve();
  const frame = server.socket.frames.at(-1);
  const ref = frame?.type === 'chat' ? frame.clientMessageId : frame?.ref;
  server.socket.send({ ...refusal, ref: ref ?? '' });
  await expect(asked).rejects.toMatchObject(expected);
});

test('C15: of a message that is refused, `error` has the field too; an error of the session has it as well', () => {
  const server = new ScriptedServer();
  const client = createClient(server.options());
  const errors: ImError[] = [];
  client.on('error', (error) => errors.push(error));
  client.connect().catch(() => undefined);
  server.login();
  const outgoing = client.send({ to: 'bob', content: { text: 'x' } });
  server.socket.send({ ...refusal, ref: outgoing.clientMessageId });
  expect(outgoing.error).toMatchObject(expected);
  server.socket.send(refusal);
  expect(errors).toMatchObject([expected]);
});

test('C15: a login that is refused says what of it, to whoever waits for it and in `reason`', async () => {
  const server = new ScriptedServer();
  const client = createClient(server.options());
  const reasons: object[] = [];
  client.on('state', ({ reason }) => reason && reasons.push(reason));
  const connected = client.connect();
  server.clock.run(1);
  const bound = { code: 'token_invalid', message: 'of another device' } as const;
  server.socket.send({ ...refusal, ...bound, field: 'deviceId' });
  server.socket.close(4501);
  await expect(connected).rejects.toMatchObject({ ...bound, details: { field: 'deviceId' } });
  expect(reasons).toEqual([{ ...bound, field: 'deviceId', closeCode: 4501 }]);
});

test('C15: in a tab that follows, an error is the same, also of a code that this version does not know', async () => {
  const tabs = new ScriptedTabs();
  await tabs.open();
  const { client } = await tabs.open();
  tabs.server.login();
  await tabs.pass(10);
  const asked = client.recall('bob', id(1));
  asked.catch(() => undefined);
  await tabs.pass(10);
  const ref = tabs.server.got('recall').at(-1)?.ref ?? '';
  tabs.server.socket.send({ ...refusal, code: 'of_later' as 'not_allowed', retry: 'backoff', retryAfterMs: 7, ref });
  await tabs.pass(10);
  const details = { field: 'by.docs', retryAfterMs: 7 };
  await expect(asked).rejects.toMatchObject({ code: 'of_later', retry: 'backoff', details });
});
