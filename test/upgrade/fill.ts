import { Device } from './device.ts';
import { call, register } from './people.ts';

const GIF = Buffer.from('R0lGODlhAwACAIAAAMwzMwAAACwAAAAAAwACAAACA4QvBQA7', 'base64');

const BLOCKS_ARE_KNOWN_MS = 10_000;

/** Contents whose text, keys and numbers a later version must return unchanged. */
export const CONTENTS: readonly object[] = [
  { text: 'hello from before' },
  { text: '明天 meeting 在咖啡馆见' },
  { text: 'a picture 😀', data: { z: 1, a: [{ deep: [1.5, -2, 1e21] }], ключ: null } },
  { data: { b: true, a: false, '10': 'ten', '9': 'nine' } },
  { text: 'The quick brown fox\njumps, über café' },
];

/**
 * Writes one of everything through a running server, by HTTP and WebSocket alone, so that it works with any version:
 * messages in every state, a recall, updates that wait for an offline user, contacts, a block, messages of a blocked
 * user that only their sender sees (the server runs with `CHASQUI_BLOCKED_SENDERS=silence`), devices, moments.
 */
export async function fill(api: string, nodes: readonly string[]): Promise<void> {
  const [first = '', second = first] = nodes;
  const tokens = { ana: await register(api, 'ana'), bo: await register(api, 'bo'), chen: await register(api, 'chen') };
  const as = { ana: call(api, tokens.ana), bo: call(api, tokens.bo), chen: call(api, tokens.chen) };
  await as.ana('PATCH', '/api/users/me', { locale: 'zh-CN', privacy: { lastSeen: 'contacts' } });
  await as.ana('PUT', '/api/contacts/bo');
  await as.bo('POST', '/api/contacts/ana/accept').catch(() => as.bo('PUT', '/api/contacts/ana'));
  await as.chen('PUT', '/api/contacts/ana');

  using ana = await Device.connect(first, tokens.ana, 'ana-phone');
  using bo = await Device.connect(second, tokens.bo, 'bo-laptop');
  for (let n = 0; n < 60; n++) {
    const content = CONTENTS[n % CONTENTS.length] ?? {};
    const newest = await (n % 2 === 0 ? ana.chat('bo', `a${n}`, content) : bo.chat('ana', `b${n}`, content));
    const receiver = n % 2 === 0 ? bo : ana;
    const messageIds = [newest];
    receiver.send({ type: 'ack', state: 'delivered', conversationId: 'ana~bo', messageIds });
    // Later messages stay unread.
    if (n === 40) bo.send({ type: 'ack', state: 'read', conversationId: 'ana~bo', messageIds });
  }
  const recalled = await ana.chat('bo', 'recalled', { text: 'nobody should read this' });
  ana.send({ type: 'recall', conversationId: 'ana~bo', messageId: recalled });
  bo.send({ type: 'ack', state: 'delivered', conversationId: 'ana~bo', messageIds: [recalled] });
  // Chen is offline.
  for (let n = 0; n < 12; n++) await bo.chat('chen', `c${n}`, { text: `chen, are you there? ${n} 你好` });
  await ana.until(({ type, messageId }) => type === 'recall' && messageId === recalled);

  const uploaded = (await as.ana('POST', '/api/moments/pictures', GIF)) as { pictureId: string };
  const moment = (await as.ana('POST', '/api/moments', {
    text: '海边 by the sea',
    pictures: [uploaded.pictureId],
    clientMomentId: 'm1',
  })) as { momentId: string };
  await as.bo('PUT', `/api/moments/${moment.momentId}/like`);
  await as.bo('POST', `/api/moments/${moment.momentId}/comments`, { text: 'Lovely!', clientCommentId: 'k1' });
  await as.chen('PUT', '/api/blocks/bo');
  // A node may cache for a while that there is no block: those messages would reach Chen.
  await new Promise((done) => setTimeout(done, BLOCKS_ARE_KNOWN_MS));
  for (let n = 0; n < 3; n++) await bo.chat('chen', `s${n}`, { text: `chen, a whisper ${n}` });
}
