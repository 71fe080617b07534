import type { ApiContext, ApiServer } from '../context.ts';
import { requireKey } from '../http/api-keys.ts';
import { asActor } from '../http/as-actor.ts';
import { requireAdmin, requireToken } from '../http/authentication.ts';
import { accounts } from './admin/accounts.ts';
import { audit } from './admin/audit.ts';
import { groupsForAdmins } from './admin/groups.ts';
import { userGroups } from './admin/user-groups.ts';
import { attachmentDownload } from './attachment-download.ts';
import { attachmentLinks } from './attachment-links.ts';
import { attachmentParts } from './attachment-parts.ts';
import { attachmentUpload } from './attachment-upload.ts';
import { attachments } from './attachments.ts';
import { blocks } from './blocks.ts';
import { confirmEmail } from './confirm-email.ts';
import { contactRequests } from './contact-requests.ts';
import { contacts } from './contacts.ts';
import { conversationState } from './conversation-state.ts';
import { conversations } from './conversations.ts';
import { devices } from './devices.ts';
import { group } from './group.ts';
import { groupJoining } from './group-joining.ts';
import { groupLinks } from './group-links.ts';
import { groupMemberList } from './group-member-list.ts';
import { groupMembers } from './group-members.ts';
import { groupNotices } from './group-notices.ts';
import { groupRequests } from './group-requests.ts';
import { groupRoles } from './group-roles.ts';
import { groups } from './groups.ts';
import { hiddenMessages } from './hidden-messages.ts';
import { history } from './history.ts';
import { linkedFile } from './linked-file.ts';
import { logInWays } from './log-in-ways.ts';
import { login } from './login.ts';
import { me } from './me.ts';
import { message } from './message.ts';
import { metrics } from './metrics.ts';
import { momentComments } from './moment-comments.ts';
import { momentLikes } from './moment-likes.ts';
import { momentPictures } from './moment-pictures.ts';
import { momentPost } from './moment-post.ts';
import { moments } from './moments.ts';
import { nodes } from './nodes.ts';
import { offlineMessages } from './offline-messages.ts';
import { password } from './password.ts';
import { pictures } from './pictures.ts';
import { push } from './push.ts';
import { pushToken } from './push-token.ts';
import { reactors } from './reactors.ts';
import { readers } from './readers.ts';
import { refresh } from './refresh.ts';
import { register } from './register.ts';
import { searchMessages } from './search.ts';
import { imports } from './server/imports.ts';
import { behindKey, type Route } from './server/index.ts';
import { uploadedBytes, uploads } from './server/uploads.ts';
import { status } from './status.ts';
import { trace } from './trace.ts';
import { unreadCount } from './unread-count.ts';
import { users } from './users.ts';

const open: Route[] = [logInWays, register, login, refresh, pictures, nodes, status, metrics, linkedFile];
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
  ...[groups, group, groupMemberList, groupMembers, groupNotices, groupRoles, groupLinks, groupJoining, groupRequests],
  ...[me, password, users, contacts, contactRequests, blocks, devices, push, pushToken, confirmEmail],
  ...[moments, momentPost, momentLikes, momentComments],
  ...[attachments, attachmentParts, attachmentDownload, attachmentLinks],
];
const forAdmins: Route[] = [accounts, userGroups, groupsForAdmins, audit];
/** Routes of users that a key calls as any of them, or as the system. */
const asAnybody: Route[] = [
  ...[conversations, history, message, searchMessages, unreadCount, trace, readers, reactors],
];
const groupsAsAnybody: Route[] = [groups, group, groupMemberList, groupMembers, groupRoles, groupLinks, groupRequests];

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
    await scope.register(async (inner: ApiServer) => uploadedBytes(inner, context));
    const reading = asActor(scope, context, { read: 'messages:read' });
    for (const route of asAnybody) route(reading, context);
    attachmentDownload(asActor(scope, context, { read: 'files:read', audits: 'read_file' }), context);
    uploads(scope, context);
    const grouping = asActor(scope, context, { read: 'groups:read', write: 'groups:write' });
    for (const route of groupsAsAnybody) route(grouping, context);
  });
}
