import { ANA_PASSWORD, CONVERSATION, type World } from './world.ts';

/** What a stranger gets: an error's status and code, or only their own data with this status. */
export type Expected = readonly [status: number, code: string] | readonly [status: number];

export interface RouteCase {
  /** Path with ana's and bob's ids in place of each parameter. The parameters of the world's `ids` are filled in. */
  url?: string;
  payload?: object;
  headers?: { [name: string]: string };
  /** Needs no token, and gives the same answer with an invalid one. */
  open?: true;
  stranger: Expected;
  /** Expected for a blocked user, if it differs from what a stranger gets. */
  blocked?: Expected;
  /** Parts of ana's and bob's state that the route changes by design: a request shows on both sides. */
  touches?: readonly string[];
}

const OWN: Expected = [200];
const DONE: Expected = [204];
const FORBIDDEN: Expected = [403, 'forbidden'];
const NOT_FOUND: Expected = [404, 'not_found'];
const NOT_A_MEMBER: Expected = [403, 'not_a_member'];

const NO_LINK = 'AAAAAAAAAAAAAAAAAAAAAA';

/** Every route of the API: the test fails if one is missing here. */
export const ROUTES: { readonly [operation: string]: RouteCase } = {
  'get /api/auth': { open: true, stranger: OWN },
  'post /api/auth/register': {
    open: true,
    stranger: [409, 'user_exists'],
    payload: { userId: 'ana', password: 'now it is mine' },
  },
  'post /api/auth/login': {
    open: true,
    stranger: [401, 'credentials_wrong'],
    payload: { userId: 'ana', password: 'a guess of mine' },
  },
  'post /api/auth/refresh': {
    open: true,
    stranger: [401, 'token_invalid'],
    payload: { refreshToken: 'a.guess.x' },
  },
  'get /api/nodes': { open: true, stranger: OWN },
  // The id of an attachment is no public id.
  'get /api/pictures/{publicId}': { open: true, url: '/api/pictures/{attachmentId}', stranger: NOT_FOUND },
  'get /healthz': { open: true, stranger: OWN },
  'get /readyz': { open: true, stranger: OWN },
  'get /metrics': { open: true, stranger: OWN },
  'get /api/conversations': { url: `/api/conversations?cursor=99999999999999.${CONVERSATION}`, stranger: OWN },
  'get /api/conversations/{conversationId}/messages': {
    url: `/api/conversations/${CONVERSATION}/messages`,
    stranger: NOT_A_MEMBER,
  },
  'get /api/conversations/{conversationId}/messages/{messageId}': {
    url: `/api/conversations/${CONVERSATION}/messages/{messageId}`,
    stranger: NOT_A_MEMBER,
  },
  'get /api/conversations/states': { url: `/api/conversations/states?cursor=${CONVERSATION}`, stranger: OWN },
  'post /api/conversations/{conversationId}/hidden-messages': {
    url: `/api/conversations/${CONVERSATION}/hidden-messages`,
    payload: { messageIds: ['0'.repeat(24)] },
    stranger: NOT_A_MEMBER,
  },
  'patch /api/conversations/{conversationId}/state': {
    url: `/api/conversations/${CONVERSATION}/state`,
    payload: { pinnedAt: 7, archived: true, markedUnread: true, notify: { level: 'none', until: 0 }, draft: 'mine' },
    stranger: NOT_A_MEMBER,
  },
  'get /api/conversations/{conversationId}/messages/{messageId}/reactions': {
    url: `/api/conversations/${CONVERSATION}/messages/{messageId}/reactions`,
    stranger: NOT_A_MEMBER,
  },
  'get /api/conversations/{conversationId}/messages/{messageId}/readers': {
    url: '/api/conversations/team/messages/{messageId}/readers',
    stranger: NOT_A_MEMBER,
  },
  'post /api/groups': { payload: { name: 'A group of mine' }, stranger: [201] },
  'get /api/groups': { url: '/api/groups?cursor=999999999999999.team', stranger: OWN },
  'get /api/groups/{conversationId}': { url: '/api/groups/team', stranger: NOT_A_MEMBER },
  'patch /api/groups/{conversationId}': {
    url: '/api/groups/team',
    payload: { name: 'Mine' },
    stranger: NOT_A_MEMBER,
  },
  'delete /api/groups/{conversationId}': { url: '/api/groups/team', stranger: NOT_A_MEMBER },
  'get /api/groups/{conversationId}/members': {
    url: '/api/groups/team/members?cursor=WyJhZG1pbiIsImJvYiIsImJvYiJd&role=member',
    stranger: NOT_A_MEMBER,
  },
  'get /api/groups/{conversationId}/notices': { url: '/api/groups/team/notices?before=9', stranger: NOT_A_MEMBER },
  'post /api/groups/{conversationId}/members': {
    url: '/api/groups/team/members',
    payload: { users: ['eve'] },
    stranger: NOT_A_MEMBER,
  },
  'delete /api/groups/{conversationId}/members/{userId}': {
    url: '/api/groups/team/members/bob',
    stranger: NOT_A_MEMBER,
  },
  'put /api/groups/{conversationId}/members/{userId}/role': {
    url: '/api/groups/team/members/bob/role',
    payload: { role: 'admin' },
    stranger: NOT_A_MEMBER,
  },
  'put /api/groups/{conversationId}/members/{userId}/mute': {
    url: '/api/groups/team/members/bob/mute',
    payload: { until: 0 },
    stranger: NOT_A_MEMBER,
  },
  'post /api/groups/{conversationId}/leave': { url: '/api/groups/team/leave', stranger: NOT_A_MEMBER },
  'post /api/groups/{conversationId}/transfer': {
    url: '/api/groups/team/transfer',
    payload: { userId: 'bob' },
    stranger: NOT_A_MEMBER,
  },
  'post /api/groups/{conversationId}/links': {
    url: '/api/groups/team/links',
    payload: { uses: 1 },
    stranger: NOT_A_MEMBER,
  },
  'get /api/groups/{conversationId}/links': { url: '/api/groups/team/links', stranger: NOT_A_MEMBER },
  'delete /api/groups/{conversationId}/links/{linkId}': {
    url: `/api/groups/team/links/${NO_LINK}`,
    stranger: NOT_A_MEMBER,
  },
  'get /api/group-links/{linkId}': { url: `/api/group-links/${NO_LINK}`, stranger: [404, 'link_invalid'] },
  'post /api/group-links/{linkId}/join': { url: `/api/group-links/${NO_LINK}/join`, stranger: [404, 'link_invalid'] },
  'get /api/groups/{conversationId}/requests': {
    url: '/api/groups/team/requests?cursor=1.dan',
    stranger: NOT_A_MEMBER,
  },
  'post /api/groups/{conversationId}/requests/approve': {
    url: '/api/groups/team/requests/approve',
    payload: { users: ['eve'] },
    stranger: NOT_A_MEMBER,
  },
  'post /api/groups/{conversationId}/requests/decline': {
    url: '/api/groups/team/requests/decline',
    payload: { users: ['eve'] },
    stranger: NOT_A_MEMBER,
  },
  'get /api/messages/search': {
    url: `/api/messages/search?q=private&conversationId=${CONVERSATION}`,
    stranger: NOT_A_MEMBER,
  },
  'get /api/messages/offline': { url: '/api/messages/offline?position=0&deviceId=phone', stranger: OWN },
  'get /api/messages/unread-count': { stranger: OWN },
  'get /api/messages/{messageId}/trace': { stranger: [404, 'message_not_found'] },
  'get /api/users/me': { stranger: OWN },
  'patch /api/users/me': { payload: { displayName: 'Ana' }, stranger: OWN },
  'put /api/users/me/password': {
    payload: { password: ANA_PASSWORD, newPassword: 'now it is mine' },
    stranger: [401, 'credentials_wrong'],
  },
  'get /api/users/{userId}': { url: '/api/users/ana', stranger: OWN },
  'get /api/users': { url: '/api/users?q=ana', stranger: OWN },
  'get /api/contacts': { url: '/api/contacts?cursor=a', stranger: OWN },
  'put /api/contacts/{userId}': {
    url: '/api/contacts/ana',
    stranger: OWN,
    touches: ['contacts of ana'],
    blocked: [403, 'blocked'],
  },
  'post /api/contacts/{userId}/accept': { url: '/api/contacts/bob/accept', stranger: NOT_FOUND },
  'post /api/contacts/{userId}/decline': { url: '/api/contacts/bob/decline', stranger: NOT_FOUND },
  'delete /api/contacts/{userId}': { url: '/api/contacts/bob', stranger: NOT_FOUND },
  'get /api/blocks': { stranger: OWN },
  'put /api/blocks/{userId}': { url: '/api/blocks/ana', stranger: DONE },
  'delete /api/blocks/{userId}': { url: '/api/blocks/mallory', stranger: DONE },
  'get /api/devices': { stranger: OWN },
  'delete /api/devices/{deviceId}': { url: '/api/devices/phone', stranger: NOT_FOUND },
  'delete /api/devices': { stranger: DONE },
  'put /api/devices/{deviceId}/push-token': {
    url: '/api/devices/phone/push-token',
    payload: { provider: 'fcm', token: 'another' },
    stranger: DONE,
  },
  'post /api/devices/{deviceId}/push-token/confirm': {
    url: '/api/devices/phone/push-token/confirm',
    payload: { code: 'AAAAA-AAAAA' },
    stranger: NOT_FOUND,
  },
  'delete /api/devices/{deviceId}/push-token': { url: '/api/devices/phone/push-token', stranger: DONE },
  'post /api/moments': { payload: { text: 'a moment of mine' }, stranger: [201] },
  'get /api/moments': { url: '/api/moments?limit=50', stranger: OWN },
  'get /api/moments/{momentId}': { stranger: NOT_FOUND },
  'delete /api/moments/{momentId}': { stranger: NOT_FOUND },
  'put /api/moments/{momentId}/like': { stranger: NOT_FOUND },
  'delete /api/moments/{momentId}/like': { stranger: DONE },
  'get /api/moments/{momentId}/likes': { stranger: NOT_FOUND },
  'post /api/moments/{momentId}/comments': { payload: { text: 'a comment of mine' }, stranger: NOT_FOUND },
  'get /api/moments/{momentId}/comments': { stranger: NOT_FOUND },
  'delete /api/moments/{momentId}/comments/{commentId}': { stranger: NOT_FOUND },
  'get /api/moments/{momentId}/pictures/{pictureId}': { stranger: NOT_FOUND },
  'post /api/moments/pictures': { stranger: [422, 'content_invalid'] },
  'post /api/attachments': {
    payload: { name: 'mine.png', size: 67, type: 'image/png', sha256: '0'.repeat(64) },
    stranger: [201],
  },
  'get /api/attachments/{attachmentId}': { stranger: NOT_FOUND },
  'delete /api/attachments/{attachmentId}': { stranger: NOT_FOUND },
  'post /api/attachments/{attachmentId}/complete': { stranger: NOT_FOUND },
  'post /api/attachments/{attachmentId}/parts': { stranger: NOT_FOUND },
  'head /api/attachments/{attachmentId}/upload': { stranger: NOT_FOUND },
  'patch /api/attachments/{attachmentId}/upload': { headers: { 'upload-offset': '0' }, stranger: NOT_FOUND },
  'delete /api/attachments/{attachmentId}/upload': { stranger: NOT_FOUND },
  'get /api/conversations/{conversationId}/messages/{messageId}/attachments/{attachmentId}': {
    url: `/api/conversations/${CONVERSATION}/messages/{messageId}/attachments/{attachmentId}`,
    stranger: NOT_A_MEMBER,
  },
  'post /api/conversations/{conversationId}/messages/{messageId}/attachments/{attachmentId}/link': {
    url: `/api/conversations/${CONVERSATION}/messages/{messageId}/attachments/{attachmentId}/link`,
    stranger: NOT_A_MEMBER,
  },
  'get /api/conversations/{conversationId}/messages/{messageId}/attachments/{attachmentId}/link': {
    url: `/api/conversations/${CONVERSATION}/messages/{messageId}/attachments/{attachmentId}/link?grant=a.b`,
    open: true,
    stranger: [404, 'link_invalid'],
  },
  'get /api/push': { stranger: OWN },
  'get /api/admin/users/{userId}': { url: '/api/admin/users/ana', stranger: FORBIDDEN },
  'delete /api/admin/users/{userId}/sessions': { url: '/api/admin/users/ana/sessions', stranger: FORBIDDEN },
  'put /api/admin/users/{userId}/disabled': { url: '/api/admin/users/ana/disabled', stranger: FORBIDDEN },
  'delete /api/admin/users/{userId}/disabled': { url: '/api/admin/users/zoe/disabled', stranger: FORBIDDEN },
  'get /api/admin/users/{userId}/groups': { url: '/api/admin/users/ana/groups', stranger: FORBIDDEN },
  'get /api/admin/groups/{conversationId}': { url: '/api/admin/groups/team', stranger: FORBIDDEN },
  'patch /api/admin/groups/{conversationId}': {
    ...{ url: '/api/admin/groups/team', payload: { name: 'Mine' }, stranger: FORBIDDEN },
  },
  'delete /api/admin/groups/{conversationId}': { url: '/api/admin/groups/team', stranger: FORBIDDEN },
  'get /api/admin/groups/{conversationId}/members': { url: '/api/admin/groups/team/members', stranger: FORBIDDEN },
  'delete /api/admin/groups/{conversationId}/members/{userId}': {
    ...{ url: '/api/admin/groups/team/members/bob', stranger: FORBIDDEN },
  },
  'put /api/admin/groups/{conversationId}/members/{userId}/mute': {
    ...{ url: '/api/admin/groups/team/members/bob/mute', payload: { until: 9e12 }, stranger: FORBIDDEN },
  },
  'put /api/admin/groups/{conversationId}/members/{userId}/role': {
    ...{ url: '/api/admin/groups/team/members/bob/role', payload: { role: 'admin' }, stranger: FORBIDDEN },
  },
  'post /api/admin/groups/{conversationId}/transfer': {
    ...{ url: '/api/admin/groups/team/transfer', payload: { userId: 'bob' }, stranger: FORBIDDEN },
  },
  'get /api/admin/groups/{conversationId}/links': { url: '/api/admin/groups/team/links', stranger: FORBIDDEN },
  'delete /api/admin/groups/{conversationId}/links/{linkId}': {
    ...{ url: `/api/admin/groups/team/links/${NO_LINK}`, stranger: FORBIDDEN },
  },
  'get /api/admin/audit': { url: '/api/admin/audit?target=ana', stranger: FORBIDDEN },
};

/** Method and path of an operation. */
export function callOf(operation: string, ids: World['ids']): { method: 'GET'; url: string } {
  const [method = '', path = ''] = operation.split(' ');
  const url = (ROUTES[operation]?.url ?? path).replace(/{(\w+)}/g, (_, name: keyof World['ids']) => ids[name]);
  return { method: method.toUpperCase() as 'GET', url };
}
