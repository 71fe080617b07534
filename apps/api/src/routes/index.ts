import type { ApiContext, ApiServer } from '../context.ts';
import { requireKey } from '../http/api-keys.ts';
import { asActor } from '../http/as-actor.ts';
import { requireAdmin, requireToken } from '../http/authentication.ts';
import { accounts } from './admin/accounts.ts';
import { audit } from './admin/audit.ts';
import { groupsForAdmins } from './admin/groups.ts';
import { userGroups } from './admin/user-groups.ts';
import { attachmentDownload } from './attachment-download.ts';
import { attachmentParts } from './attachment-parts.ts';
import { attachmentUpload } from './attachment-upload.ts';
import { attachments } from './attachments.ts';
import { blocks } from './blocks.ts';
import { confirmEmail } from './confirm-email.ts';
import { contacts } from './contacts.ts';
import { conversationState } from './conversation-state.ts';
import { conversations } from './conversations.ts';
import { devices } from './devices.ts';
import { groupJoining } from './group-joining.ts';
import { groupLinks } from './group-links.ts';
import { groupMembers } from './group-members.ts';
import { groupNotices } from './group-notices.ts';
import { groupRequests } from './group-requests.ts';
import { groupRoles } from './group-roles.ts';
import { groups } from './groups.ts';
import { hiddenMessages } from './hidden-messages.ts';
import { history } from './history.ts';
import { logInWays } from './log-in-ways.ts';
import { login } from './login.ts';
import { me } from './me.ts';
import { message } from './message.ts';
import { metrics } from './metrics.ts';
import { momentComments } from './moment-comments.ts';
import { momentLikes } from './moment-likes.ts';
import { momentPictures } from './moment-pictures.ts';
import { moments } from './moments.ts';
import { nodes } from './nodes.ts';
import { offlineMessages } from './offline-messages.ts';
import { password } from './password.ts';
import { push } from './push.ts';
import { pushToken } from './push-token.ts';
import { reactors } from './reactors.ts';
import { readers } from './readers.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';
import { searchMessages } from './search.ts';
import { allGroups } from './server/all-groups.ts';
import { createUser } from './server/create-user.ts';
import { deleteMessage } from './server/delete-message.ts';
import { erasures } from './server/erasures.ts';
import { events } from './server/events.ts';
import { exports } from './server/exports.ts';
import { holds } from './server/holds.ts';
import { imports } from './server/imports.ts';
import { key } from './server/key.ts';
import { messageVersions } from './server/message-versions.ts';
import { serverSend } from './server/send.ts';
import { userAccess } from './server/user-access.ts';
import { users as serverUsers } from './server/users.ts';
import { webhookUse } from './server/webhook-use.ts';
import { webhooks } from './server/webhooks.ts';
import { status } from './status.ts';
import { trace } from './trace.ts';
import { unreadCount } from './unread-count.ts';
import { users } from './users.ts';

type Route = (app: ApiServer, context: ApiContext) => void;

const open: Route[] = [logInWays, register, login, refresh, nodes, status, metrics];
const behindToken: Route[] = [
  ...[
    conversations,
    conversationState,
    hiddenMessages,
    history,
    message,
    searchMessages,
    offlineMessages,
    unreadCount,
    trace,
    readers,
    reactors,
  ],
  ...[groups, groupMembers, groupNotices, groupRoles, groupLinks, groupJoining, groupRequests],
  ...[me, password, users, contacts, blocks, devices, push, pushToken, confirmEmail],
  ...[moments, momentLikes, momentComments],
  ...[attachments, attachmentParts, attachmentDownload],
];
const forAdmins: Route[] = [accounts, userGroups, groupsForAdmins, audit];
const behindKey: Route[] = [
  ...[
    key,
    events,
    exports,
    webhooks,
    allGroups,
    webhookUse,
    serverSend,
    deleteMessage,
    messageVersions,
    serverUsers,
    createUser,
    userAccess,
    erasures,
    holds,
  ],
];
/** Routes of users that a key calls as any of them, or as the system. */
const asAnybody: Route[] = [
  ...[conversations, history, message, searchMessages, unreadCount, trace, readers, reactors],
];
const groupsAsAnybody: Route[] = [groups, groupMembers, groupRoles, groupLinks, groupRequests];

export async function addRoutes(app: ApiServer, context: ApiContext): Promise<void> {
  for (const route of open) route(app, context);
  await app.register(async (scope: ApiServer) => {
    requireToken(scope, context);
    for (const route of behindToken) route(scope, context);
    await momentPictures(scope, context);
    await scope.register(async (inner: ApiServer) => attachmentUpload(inner, context));
    await scope.register(async (inner: ApiServer) => {
      requireAdmin(inner, context);
      for (const route of forAdmins) route(inner, context);
    });
  });
  await app.register(async (scope: ApiServer) => {
    requireKey(scope, context);
    for (const route of behindKey) route(scope, context);
    await scope.register(async (inner: ApiServer) => {
      imports(inner, context);
    });
    const reading = asActor(scope, context, { read: 'messages:read' });
    for (const route of asAnybody) route(reading, context);
    attachmentDownload(asActor(scope, context, { read: 'files:read', audits: 'read_file' }), context);
    const grouping = asActor(scope, context, { read: 'groups:read', write: 'groups:write' });
    for (const route of groupsAsAnybody) route(grouping, context);
  });
}
