import { expect, test } from 'vitest';
import { makeKey } from './access/api-keys.ts';
import { createTestApi } from './fixture.ts';
import { sendImport, textOf } from './import-calls.ts';

test('C16: wrong lines of one user are looked at side by side, and right ones among them are imported once', async () => {
  let running = 0;
  let most = 0;
  await using api = await createTestApi(({ messages }) => ({
    messages: {
      ...messages,
      get: async (keys: Parameters<typeof messages.get>[0]) => {
        most = Math.max(most, ++running);
        // Others begin meanwhile.
        await new Promise(setImmediate);
        return messages.get(keys).finally(() => running--);
      },
    },
  }));
  const { conversationId, messageId } = await api.store('ana', 'bob', 'hello');
  const hide = (id: string) => ({ type: 'hide', conversationId, userId: 'bob', messageIds: [id] });
  const lines = Array.from({ length: 200 }, (_, n) => hide(n.toString(16).padStart(24, '0')));
  const key = await makeKey(api);
  const answer = await sendImport(api, key, textOf([hide(messageId), ...lines, hide(messageId)]));
  expect(answer).toMatchObject({ imported: 1, repeated: 1 });
  expect(answer.errors.map(({ line, code }) => [line, code])).toEqual(
    lines.map((_, at) => [at + 2, 'message_not_found']),
  );
  expect(most).toBe(64);
});
