import { CONTACT_STATES, directConversation } from '@chasqui/domain';
import { createTokenIssuer } from '@chasqui/tokens';
import { attach } from '../attach.ts';
import { type ApiParts, createTestApi, SECRET, type TestApi } from '../fixture.ts';
import { PNG } from '../pictures.ts';

/** Strings that nobody but ana and bob may ever see. */
export const SECRETS = [
  'private words',
  'a private moment',
  'a private comment',
  'a private draft',
  'c0ffee5ec4e7',
  'ana@secret.example',
  '$scrypt$',
  'https://secret.example',
  'a private group',
  'a private file',
];
export const ANA_PASSWORD = "ana's own password";
export const PEOPLE = ['ana', 'bob'];

export interface World extends AsyncDisposable {
  api: TestApi;
  /** Ids of a message from ana to bob with an attachment, and of a moment of ana's with its comment and picture, by path parameter. */
  ids: { readonly [parameter in 'messageId' | 'momentId' | 'commentId' | 'pictureId' | 'attachmentId']: string };
  /** Invalid tokens, by the reason. */
  bad: { readonly [who in BadToken]: { access: string; refresh: string } };
  /** All stored state of each of these people, as text; of all users if none are named. */
  stateOf(people?: readonly string[]): Promise<{ [part: string]: string }>;
}

/** The text of each one's refusal. */
export const BAD_TOKENS = {
  expired: 'token_expired',
  'of a revoked device': 'token_invalid',
  'of a disabled user': 'user_disabled',
  'signed by another': 'token_invalid',
} as const;
type BadToken = keyof typeof BAD_TOKENS;

const EVERYBODY = ['ana', 'bob', 'eve', 'mallory', 'zoe', 'root', 'newcomer'];

/**
 * Ana and bob are contacts, chat and have a group; eve is a stranger; both block mallory; zoe is disabled; root is an administrator.
 */
export async function createWorld(): Promise<World> {
  const api = await createTestApi(
    {},
    {
      admins: ['root'],
      authPerAddress: FAST,
      loginPerUser: FAST,
      adminPerUser: FAST,
      momentsPerUser: MOMENTS_FAST,
      statesPerUser: FAST,
    },
  );
  const { deps, clock } = api;
  const register = (userId: string, password: string) =>
    api.call('POST', '/api/auth/register', { payload: { userId, password } });
  await register('ana', ANA_PASSWORD);
  for (const userId of ['bob', 'eve', 'mallory', 'zoe']) await register(userId, 'a password of mine');
  for (const userId of PEOPLE) {
    const privacy = { presence: 'contacts', lastSeen: 'contacts', discoverable: false };
    await api.call('PATCH', '/api/users/me', { as: userId, payload: { avatar: 'https://public.example/a', privacy } });
    await api.call('PUT', '/api/blocks/mallory', { as: userId });
  }
  await api.call('PUT', '/api/contacts/bob', { as: 'ana' });
  await api.call('POST', '/api/contacts/ana/accept', { as: 'bob' });
  await api.call('PUT', '/api/devices/phone/push-token', {
    as: 'ana',
    payload: { provider: 'fcm', token: 'c0ffee5ec4e7' },
  });
  await api.call('PUT', '/api/devices/phone/push-token', {
    as: 'ana',
    payload: { provider: 'email', token: 'ana@secret.example' },
  });
  const attached = await attach(api, 'ana', PNG, { name: 'a private file' });
  const { messageId } = await api.store('ana', 'bob', 'private words', { attachments: [attached] });
  await api.call('PATCH', `/api/conversations/${CONVERSATION}/state`, {
    as: 'ana',
    payload: { draft: 'a private draft' },
  });
  const group = { conversationId: 'team', name: 'a private group', members: ['bob'] };
  await api.call('POST', '/api/groups', { as: 'ana', payload: group });
  await deps.webhooks.put({
    ...{ endpointId: 'we_0123456789abcdef', url: 'https://shop.example/private', types: [], description: '' },
    ...{ secrets: [], createdAt: 1, disabled: null, version: 1 },
  });
  const ids = { messageId, attachmentId: attached.id, ...(await postMoment(api)) };
  const bad = await badTokens(api);
  return {
    api,
    ids,
    bad,
    stateOf: (people = EVERYBODY) => stateOf(deps, people, clock.now()),
    [Symbol.asyncDispose]: () => api[Symbol.asyncDispose](),
  };
}

const FAST = { perSecond: 1e6, burst: 1e6 };
const MOMENTS_FAST = { moment: FAST, reply: FAST, picture: FAST };

/** A moment of ana's with a picture; bob likes it and comments on it. */
async function postMoment(api: TestApi) {
  const { pictureId } = (
    await api.call('POST', '/api/moments/pictures', {
      as: 'ana',
      payload: PNG,
      headers: { 'content-type': 'image/png' },
    })
  ).json();
  const { momentId } = (
    await api.call('POST', '/api/moments', { as: 'ana', payload: { text: 'a private moment', pictures: [pictureId] } })
  ).json();
  await api.call('PUT', `/api/moments/${momentId}/like`, { as: 'bob' });
  const { commentId } = (
    await api.call('POST', `/api/moments/${momentId}/comments`, { as: 'bob', payload: { text: 'a private comment' } })
  ).json();
  return { momentId, commentId, pictureId };
}

async function badTokens(api: TestApi): Promise<World['bad']> {
  const { clock, deps } = api;
  const ttl = { accessTtlS: 3600, refreshTtlS: 3600 };
  const lookAt = ({ accessToken, refreshToken }: { accessToken: string; refreshToken: string }) => ({
    access: accessToken,
    refresh: refreshToken,
  });
  const logIn = async (userId: string, password: string, deviceId: string) =>
    (await api.call('POST', '/api/auth/login', { payload: { userId, password, deviceId } })).json();
  const revoked = await logIn('ana', ANA_PASSWORD, 'lost-phone');
  const disabled = await logIn('zoe', 'a password of mine', 'phone');
  await clock.advance(1);
  await deps.revocations.revoke({ userId: 'ana', deviceId: 'lost-phone', issuedBefore: clock.now() });
  await deps.revocations.disable('zoe', clock.now());
  const past = { ...clock, now: () => clock.now() - 7_200_000 };
  const [expired, foreign] = await Promise.all([
    createTokenIssuer({ secret: SECRET, clock: past, ...ttl }).issue('ana'),
    createTokenIssuer({ secret: `${SECRET}, or nearly`, clock, ...ttl }).issue('ana'),
  ]);
  await clock.advance(2_001);
  return {
    expired: lookAt(expired),
    'of a revoked device': lookAt(revoked),
    'of a disabled user': lookAt(disabled),
    'signed by another': lookAt(foreign),
  };
}

async function stateOf(deps: ApiParts, people: readonly string[], now: number): Promise<{ [part: string]: string }> {
  const parts = people.map(async (userId) => {
    const inbox = await deps.logs.page(userId, 0, 100);
    const conversations = await deps.conversations.list(userId, 100);
    const keys = conversations.map(({ conversationId }) => conversationId);
    const moments = await deps.moments.page(userId, [userId], { limit: 100 });
    const state = {
      states: await deps.conversationStates.of(userId, { limit: 100 }),
      account: await deps.users.get(userId),
      profile: await deps.profiles.get([userId]),
      contacts: await Promise.all(CONTACT_STATES.map((state) => deps.contacts.list(userId, { state, limit: 100 }))),
      blocks: await deps.blocks.list(userId, { limit: 100 }),
      devices: await deps.devices.list([userId]),
      cutOffs: await deps.revocations.cutOffs([{ userId, deviceId: 'phone' }]),
      positions: await deps.logs.devices(userId),
      unread: await deps.conversations.unread(userId),
      messages: await Promise.all(keys.map((key) => deps.messages.page(key, { limit: 100 }))),
      inbox: inbox.entries,
      groups: await deps.groups.heads(userId, { limit: 100 }),
      conversations,
      moments,
      likes: await Promise.all(moments.map(({ momentId }) => deps.momentReplies.likes(momentId, { limit: 100 }))),
      comments: await Promise.all(moments.map(({ momentId }) => deps.momentReplies.comments(momentId, { limit: 100 }))),
    };
    return Object.entries(state).map(([part, value]) => [`${part} of ${userId}`, JSON.stringify(value)]);
  });
  const audit = await deps.auditLog.page({ limit: 100, before: now.toString(16).padEnd(24, 'f') });
  const shared = {
    'audit log': audit,
    webhooks: await deps.webhooks.list(),
    events: await deps.serverEvents.page(0, 100),
    attachments: (await deps.attachments.page('', 100)).filter(
      ({ owner, state }) => people.includes(owner) && state !== 'due',
    ),
  };
  const texts = Object.entries(shared).map(([part, value]) => [part, JSON.stringify(value)]);
  return Object.fromEntries([...(await Promise.all(parts)).flat(), ...texts]);
}

export const CONVERSATION = directConversation('ana', 'bob');
