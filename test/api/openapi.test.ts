import { protocolDocument } from '@chasqui/protocol/schema-document';
import { expect, test } from 'vitest';
import { createTestApi } from './fixture.ts';

test('the document lists every route, each with an operation id, a summary and its errors', async () => {
  await using api = await createTestApi();
  const response = await api.app.inject('/api/docs/json');
  expect(response.statusCode).toBe(200);
  const document = response.json();
  const operations = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, ...operation })),
  );
  expect(operations.map(({ method, path }) => `${method} ${path}`).sort()).toEqual([
    'delete /api/admin/groups/{conversationId}',
    'delete /api/admin/groups/{conversationId}/links/{linkId}',
    'delete /api/admin/groups/{conversationId}/members/{userId}',
    'delete /api/admin/users/{userId}/disabled',
    'delete /api/admin/users/{userId}/sessions',
    'delete /api/attachments/{attachmentId}',
    'delete /api/attachments/{attachmentId}/upload',
    'delete /api/blocks/{userId}',
    'delete /api/contacts/{userId}',
    'delete /api/devices',
    'delete /api/devices/{deviceId}',
    'delete /api/devices/{deviceId}/push-token',
    'delete /api/groups/{conversationId}',
    'delete /api/groups/{conversationId}/links/{linkId}',
    'delete /api/groups/{conversationId}/members/{userId}',
    'delete /api/moments/{momentId}',
    'delete /api/moments/{momentId}/comments/{commentId}',
    'delete /api/moments/{momentId}/like',
    'delete /api/server/attachments/{attachmentId}',
    'delete /api/server/attachments/{attachmentId}/upload',
    'delete /api/server/conversations/{conversationId}/messages/{messageId}',
    'delete /api/server/groups/{conversationId}',
    'delete /api/server/groups/{conversationId}/links/{linkId}',
    'delete /api/server/groups/{conversationId}/members/{userId}',
    'delete /api/server/holds/{holdId}',
    'delete /api/server/users/{userId}/disabled',
    'delete /api/server/users/{userId}/sessions',
    'delete /api/server/webhooks/{endpointId}',
    'get /api/admin/audit',
    'get /api/admin/groups/{conversationId}',
    'get /api/admin/groups/{conversationId}/links',
    'get /api/admin/groups/{conversationId}/members',
    'get /api/admin/users/{userId}',
    'get /api/admin/users/{userId}/groups',
    'get /api/attachments/{attachmentId}',
    'get /api/auth',
    'get /api/blocks',
    'get /api/contacts',
    'get /api/conversations',
    'get /api/conversations/states',
    'get /api/conversations/{conversationId}/messages',
    'get /api/conversations/{conversationId}/messages/{messageId}',
    'get /api/conversations/{conversationId}/messages/{messageId}/attachments/{attachmentId}',
    'get /api/conversations/{conversationId}/messages/{messageId}/attachments/{attachmentId}/link',
    'get /api/conversations/{conversationId}/messages/{messageId}/reactions',
    'get /api/conversations/{conversationId}/messages/{messageId}/readers',
    'get /api/devices',
    'get /api/group-links/{linkId}',
    'get /api/groups',
    'get /api/groups/{conversationId}',
    'get /api/groups/{conversationId}/links',
    'get /api/groups/{conversationId}/members',
    'get /api/groups/{conversationId}/notices',
    'get /api/groups/{conversationId}/requests',
    'get /api/messages/offline',
    'get /api/messages/search',
    'get /api/messages/unread-count',
    'get /api/messages/{messageId}/trace',
    'get /api/moments',
    'get /api/moments/{momentId}',
    'get /api/moments/{momentId}/comments',
    'get /api/moments/{momentId}/likes',
    'get /api/moments/{momentId}/pictures/{pictureId}',
    'get /api/nodes',
    'get /api/pictures/{publicId}',
    'get /api/push',
    'get /api/server/all-groups',
    'get /api/server/attachments/{attachmentId}',
    'get /api/server/conversations',
    'get /api/server/conversations/{conversationId}/export',
    'get /api/server/conversations/{conversationId}/message-versions',
    'get /api/server/conversations/{conversationId}/messages',
    'get /api/server/conversations/{conversationId}/messages/{messageId}',
    'get /api/server/conversations/{conversationId}/messages/{messageId}/attachments/{attachmentId}',
    'get /api/server/conversations/{conversationId}/messages/{messageId}/reactions',
    'get /api/server/conversations/{conversationId}/messages/{messageId}/readers',
    'get /api/server/erasures',
    'get /api/server/events',
    'get /api/server/groups',
    'get /api/server/groups/{conversationId}',
    'get /api/server/groups/{conversationId}/links',
    'get /api/server/groups/{conversationId}/members',
    'get /api/server/groups/{conversationId}/requests',
    'get /api/server/holds',
    'get /api/server/holds/{holdId}/messages',
    'get /api/server/key',
    'get /api/server/messages/search',
    'get /api/server/messages/unread-count',
    'get /api/server/messages/{messageId}/trace',
    'get /api/server/users',
    'get /api/server/users/{userId}',
    'get /api/server/users/{userId}/erasure',
    'get /api/server/users/{userId}/export',
    'get /api/server/webhooks',
    'get /api/server/webhooks/{endpointId}/dead-letters',
    'get /api/users',
    'get /api/users/me',
    'get /api/users/{userId}',
    'get /healthz',
    'get /metrics',
    'get /readyz',
    'head /api/attachments/{attachmentId}/upload',
    'head /api/server/attachments/{attachmentId}/upload',
    'patch /api/admin/groups/{conversationId}',
    'patch /api/attachments/{attachmentId}/upload',
    'patch /api/conversations/{conversationId}/state',
    'patch /api/groups/{conversationId}',
    'patch /api/server/attachments/{attachmentId}/upload',
    'patch /api/server/groups/{conversationId}',
    'patch /api/server/users/{userId}',
    'patch /api/server/webhooks/{endpointId}',
    'patch /api/users/me',
    'post /api/admin/groups/{conversationId}/transfer',
    'post /api/attachments',
    'post /api/attachments/{attachmentId}/complete',
    'post /api/attachments/{attachmentId}/parts',
    'post /api/auth/login',
    'post /api/auth/refresh',
    'post /api/auth/register',
    'post /api/contacts/{userId}/accept',
    'post /api/contacts/{userId}/decline',
    'post /api/conversations/{conversationId}/hidden-messages',
    'post /api/conversations/{conversationId}/messages/{messageId}/attachments/{attachmentId}/link',
    'post /api/devices/{deviceId}/push-token/confirm',
    'post /api/group-links/{linkId}/join',
    'post /api/groups',
    'post /api/groups/{conversationId}/leave',
    'post /api/groups/{conversationId}/links',
    'post /api/groups/{conversationId}/members',
    'post /api/groups/{conversationId}/requests/approve',
    'post /api/groups/{conversationId}/requests/decline',
    'post /api/groups/{conversationId}/transfer',
    'post /api/moments',
    'post /api/moments/pictures',
    'post /api/moments/{momentId}/comments',
    'post /api/server/attachments',
    'post /api/server/attachments/{attachmentId}/complete',
    'post /api/server/attachments/{attachmentId}/parts',
    'post /api/server/groups',
    'post /api/server/groups/{conversationId}/leave',
    'post /api/server/groups/{conversationId}/links',
    'post /api/server/groups/{conversationId}/members',
    'post /api/server/groups/{conversationId}/requests/approve',
    'post /api/server/groups/{conversationId}/requests/decline',
    'post /api/server/groups/{conversationId}/transfer',
    'post /api/server/holds',
    'post /api/server/imports',
    'post /api/server/messages',
    'post /api/server/messages/batch',
    'post /api/server/users',
    'post /api/server/users/batch',
    'post /api/server/webhooks',
    'post /api/server/webhooks/{endpointId}/replay',
    'post /api/server/webhooks/{endpointId}/rotate',
    'post /api/server/webhooks/{endpointId}/test',
    'put /api/admin/groups/{conversationId}/members/{userId}/mute',
    'put /api/admin/groups/{conversationId}/members/{userId}/role',
    'put /api/admin/users/{userId}/disabled',
    'put /api/blocks/{userId}',
    'put /api/contacts/{userId}',
    'put /api/devices/{deviceId}/push-token',
    'put /api/groups/{conversationId}/members/{userId}/mute',
    'put /api/groups/{conversationId}/members/{userId}/role',
    'put /api/moments/{momentId}/like',
    'put /api/server/groups/{conversationId}/members/{userId}/mute',
    'put /api/server/groups/{conversationId}/members/{userId}/role',
    'put /api/server/users/{userId}/disabled',
    'put /api/server/users/{userId}/erasure',
    'put /api/users/me/password',
  ]);
  for (const operation of operations) {
    expect(operation).toMatchObject({ operationId: expect.any(String), summary: expect.any(String) });
    expect(operation, operation.path).toHaveProperty('security');
    for (const [status, answer] of Object.entries((operation as unknown as { responses: object }).responses)) {
      expect(answer.description, `${operation.method} ${operation.path} ${status}`).toMatch(/\w/);
    }
  }
  expect(Object.keys(document.components.schemas).sort()).toEqual([
    ...['Action', 'Conversation', 'ConversationState', 'ConversationStateUpdate', 'Error', 'Group', 'HiddenMessages'],
    ...['Membership', 'Message', 'MomentNotice', 'Notice', 'Read', 'Recall', 'Receipt', 'Tokens'],
  ]);
  expect(JSON.stringify(document)).not.toContain('~kind');
});

test('every operation has an example of its JSON request and answer; open routes say that they need no token', async () => {
  await using api = await createTestApi();
  const document = (await api.app.inject('/api/docs/json')).json();
  const operations = Object.entries<object>(document.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ name: `${method} ${path}`, ...operation })),
  );
  const open = operations.filter(({ security }) => security.length === 0).map(({ name }) => name);
  expect(open).toEqual(expect.arrayContaining(['post /api/auth/login', 'get /api/nodes', 'get /healthz']));
  expect(open).not.toContain('get /api/users/me');
  expect(document.servers).toEqual([expect.objectContaining({ url: '/' })]);
  const without = operations.flatMap(({ name, requestBody, responses }) => {
    const bodies = [requestBody, ...Object.entries(responses).map(([status, body]) => status < '3' && body)];
    const media = bodies.map((body) => body?.content?.['application/json']).filter((found) => found !== undefined);
    return media.every((one) => 'example' in one || 'examples' in one) ? [] : [name];
  });
  expect(without).toEqual([]);
  expect(document.paths['/api/groups/{conversationId}/members'].post.requestBody.content).toMatchObject({
    'application/json': { example: { users: ['bob', 'cat'] } },
  });
});

test('the AsyncAPI document of the WebSocket protocol is served', async () => {
  await using api = await createTestApi();
  const answer = await api.app.inject('/api/docs/asyncapi.json');
  expect(answer.headers['content-type']).toContain('application/json');
  expect(answer.json()).toEqual(protocolDocument());
});

test('the documentation page may load its own scripts and nothing forces it to TLS', async () => {
  await using api = await createTestApi();
  const page = await api.app.inject('/api/docs/');
  expect(page.statusCode).toBe(200);
  expect(page.payload).toContain('<title>Chasqui HTTP API</title>');
  const policy = String(page.headers['content-security-policy']);
  expect(policy).toContain("script-src 'self'");
  expect(policy).toContain("style-src 'self' 'unsafe-inline'");
  expect(policy).not.toContain('upgrade-insecure-requests');
});
