import type { ApiScope } from '@chasqui/domain';
import { holdIdOf } from '@chasqui/kit';

export interface ServerRouteCase {
  /** The scope that the route needs; null: any key. */
  scope: ApiScope | null;
  /** Path with ids in place of the parameters. */
  url?: string;
  payload?: object;
  headers?: { [name: string]: string };
  /** The status of the right call. */
  status: number;
}

const MESSAGE = {
  from: 'ana',
  to: 'bob',
  clientMessageId: 'm1',
  content: { text: 'from the server' },
  replyTo: { messageId: '0'.repeat(24) },
};

/** The hold that is placed below. */
const HOLD = holdIdOf({ kind: 'user', subject: 'bob', reason: 'case 7' });
const IN_GROUP = '/api/server/groups/team';
const WEBHOOK = '/api/server/webhooks/we_0123456789abcdef';
const webhook = (path: string, status: number, payload?: object) => ({
  ...{ scope: 'hooks:manage' as const, url: `${WEBHOOK}${path}`, status },
  ...(payload && { payload }),
});
const AS_ANA = { 'chasqui-actor': 'ana' };
const read = (scope: ApiScope, url?: string) => ({ scope, status: 200, ...(url && { url }) });
const inGroup = (path: string, status: number, payload?: object) => ({
  ...{ scope: 'groups:write' as const, url: `${IN_GROUP}${path}`, status },
  ...(payload && { payload }),
});

const FILE = '0123456789abcdef'.repeat(2);
const uploading = (status: number, path = '', more: object = {}) => ({
  ...{ scope: 'files:write' as const, url: `/api/server/attachments/${FILE}${path}`, status, headers: AS_ANA },
  ...more,
});
const announced = { id: FILE, name: 'x', size: 1, type: 'a/b', sha256: '0'.repeat(64) };
/** In their order; the bytes are still missing when it is completed. */
const uploads: { readonly [operation: string]: ServerRouteCase } = {
  'post /api/server/attachments': {
    ...{ scope: 'files:write', payload: announced, headers: AS_ANA, status: 201 },
  },
  'get /api/server/attachments/{attachmentId}': uploading(200),
  'head /api/server/attachments/{attachmentId}/upload': uploading(200, '/upload'),
  'patch /api/server/attachments/{attachmentId}/upload': uploading(400, '/upload', {
    headers: { ...AS_ANA, 'upload-offset': '0' },
  }),
  'post /api/server/attachments/{attachmentId}/parts': uploading(403, '/parts'),
  'post /api/server/attachments/{attachmentId}/complete': uploading(409, '/complete'),
  'delete /api/server/attachments/{attachmentId}/upload': uploading(204, '/upload'),
  'delete /api/server/attachments/{attachmentId}': uploading(404),
};

/**
 * Every route of the server API: a test fails if one is missing here. In an order in which all may be called, one after the
 * other.
 */
export const SERVER_ROUTES: { readonly [operation: string]: ServerRouteCase } = {
  'get /api/server/key': { scope: null, status: 200 },
  'get /api/server/all-groups': read('groups:read'),
  'get /api/server/conversations/{conversationId}/message-versions': read(
    'versions:read',
    '/api/server/conversations/ana~bob/message-versions',
  ),
  'get /api/server/events': read('events:read'),
  'get /api/server/conversations/{conversationId}/export': read(
    'exports:read',
    '/api/server/conversations/ana~bob/export',
  ),
  'get /api/server/users/{userId}/export': read('exports:read', '/api/server/users/ana/export'),
  ...uploads,
  // Of no lines.
  'post /api/server/imports': { scope: 'imports:write', status: 200 },
  'post /api/server/webhooks': {
    ...{ scope: 'hooks:manage', payload: { url: 'https://shop.example/hook' }, status: 201 },
  },
  'get /api/server/webhooks': read('hooks:manage'),
  'patch /api/server/webhooks/{endpointId}': webhook('', 200, { disabled: true }),
  'post /api/server/webhooks/{endpointId}/rotate': webhook('/rotate', 200, { hours: 1 }),
  'post /api/server/webhooks/{endpointId}/test': webhook('/test', 200),
  'get /api/server/webhooks/{endpointId}/dead-letters': webhook('/dead-letters', 200),
  'post /api/server/webhooks/{endpointId}/replay': webhook('/replay', 200, { positions: [1] }),
  'delete /api/server/webhooks/{endpointId}': webhook('', 204),
  // No Connect node is there to send them.
  'post /api/server/messages': { scope: 'messages:send', payload: MESSAGE, status: 503 },
  'post /api/server/messages/batch': { scope: 'messages:send', payload: { messages: [MESSAGE] }, status: 200 },
  'delete /api/server/conversations/{conversationId}/messages/{messageId}': {
    scope: 'messages:delete',
    url: `/api/server/conversations/ana~bob/messages/${'0'.repeat(24)}`,
    status: 404,
  },
  'get /api/server/conversations': { ...read('messages:read'), headers: AS_ANA },
  'get /api/server/conversations/{conversationId}/messages': read(
    'messages:read',
    '/api/server/conversations/ana~bob/messages',
  ),
  'get /api/server/conversations/{conversationId}/messages/{messageId}': {
    ...read('messages:read', `/api/server/conversations/team/messages/${'0'.repeat(24)}`),
    status: 404,
  },
  'get /api/server/conversations/{conversationId}/messages/{messageId}/reactions': {
    ...read('messages:read', `/api/server/conversations/team/messages/${'0'.repeat(24)}/reactions`),
    status: 404,
  },
  'get /api/server/conversations/{conversationId}/messages/{messageId}/readers': {
    ...read('messages:read', `/api/server/conversations/team/messages/${'0'.repeat(24)}/readers`),
    status: 404,
  },
  'get /api/server/conversations/{conversationId}/messages/{messageId}/attachments/{attachmentId}': {
    ...read('files:read', `/api/server/conversations/team/messages/${'0'.repeat(24)}/attachments/${'0'.repeat(32)}`),
    status: 404,
  },
  'get /api/server/messages/search': read('messages:read', '/api/server/messages/search?q=private'),
  'get /api/server/messages/unread-count': { ...read('messages:read'), headers: AS_ANA },
  'get /api/server/messages/{messageId}/trace': {
    ...read('messages:read', `/api/server/messages/${'0'.repeat(24)}/trace`),
    status: 404,
  },
  'get /api/server/users': read('users:read'),
  'get /api/server/users/{userId}': read('users:read', '/api/server/users/ana'),
  'post /api/server/users': { scope: 'users:write', payload: { userId: 'newcomer' }, status: 201 },
  'patch /api/server/users/{userId}': {
    ...{ scope: 'users:write', url: '/api/server/users/ana', payload: { bot: true }, status: 200 },
  },
  'post /api/server/users/batch': { scope: 'users:write', payload: { users: [{ userId: 'shop' }] }, status: 200 },
  'put /api/server/users/{userId}/disabled': {
    scope: 'users:write',
    url: '/api/server/users/ana/disabled',
    status: 204,
  },
  'delete /api/server/users/{userId}/disabled': {
    ...{ scope: 'users:write', url: '/api/server/users/ana/disabled', status: 204 },
  },
  'delete /api/server/users/{userId}/sessions': {
    ...{ scope: 'users:write', url: '/api/server/users/ana/sessions', status: 204 },
  },
  'put /api/server/users/{userId}/erasure': {
    ...{
      scope: 'users:erase',
      url: '/api/server/users/gone/erasure',
      payload: { messages: 'erase', unknownToo: true },
      status: 202,
    },
  },
  'get /api/server/users/{userId}/erasure': read('users:erase', '/api/server/users/gone/erasure'),
  'get /api/server/erasures': read('users:erase'),
  'post /api/server/holds': {
    ...{ scope: 'holds:manage', payload: { kind: 'user', subject: 'bob', reason: 'case 7' }, status: 201 },
  },
  'get /api/server/holds': read('holds:manage'),
  'get /api/server/holds/{holdId}/messages': read('holds:read', `/api/server/holds/${HOLD}/messages`),
  'delete /api/server/holds/{holdId}': { scope: 'holds:manage', url: `/api/server/holds/${HOLD}`, status: 204 },
  'post /api/server/groups': { scope: 'groups:write', payload: { name: 'New' }, status: 201, headers: AS_ANA },
  'get /api/server/groups': { ...read('groups:read'), headers: AS_ANA },
  'get /api/server/groups/{conversationId}': read('groups:read', IN_GROUP),
  'patch /api/server/groups/{conversationId}': inGroup('', 200, { name: 'Renamed' }),
  'get /api/server/groups/{conversationId}/members': read('groups:read', `${IN_GROUP}/members`),
  'post /api/server/groups/{conversationId}/members': inGroup('/members', 200, { users: ['cat'] }),
  'put /api/server/groups/{conversationId}/members/{userId}/role': inGroup('/members/bob/role', 204, { role: 'admin' }),
  'put /api/server/groups/{conversationId}/members/{userId}/mute': inGroup('/members/bob/mute', 204, { until: 9e12 }),
  'post /api/server/groups/{conversationId}/transfer': inGroup('/transfer', 204, { userId: 'bob' }),
  'post /api/server/groups/{conversationId}/links': inGroup('/links', 201, {}),
  'get /api/server/groups/{conversationId}/links': read('groups:read', `${IN_GROUP}/links`),
  'delete /api/server/groups/{conversationId}/links/{linkId}': inGroup('/links/AAAAAAAAAAAAAAAAAAAAAA', 204),
  'get /api/server/groups/{conversationId}/requests': read('groups:read', `${IN_GROUP}/requests`),
  'post /api/server/groups/{conversationId}/requests/approve': inGroup('/requests/approve', 200, { users: ['dan'] }),
  'post /api/server/groups/{conversationId}/requests/decline': inGroup('/requests/decline', 200, { users: ['dan'] }),
  // Ana does not own it any more.
  'post /api/server/groups/{conversationId}/leave': { ...inGroup('/leave', 204), headers: AS_ANA },
  'delete /api/server/groups/{conversationId}/members/{userId}': inGroup('/members/cat', 204),
  'delete /api/server/groups/{conversationId}': inGroup('', 204),
};

export function serverCallOf(operation: string): { method: 'GET'; url: string } {
  const [method = '', path = ''] = operation.split(' ');
  return { method: method.toUpperCase() as 'GET', url: SERVER_ROUTES[operation]?.url ?? path };
}
