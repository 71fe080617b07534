import type { ApiContext, ApiServer } from '../../context.ts';
import { allGroups } from './all-groups.ts';
import { createUser } from './create-user.ts';
import { deleteMessage } from './delete-message.ts';
import { erasureState } from './erasure-state.ts';
import { erasures } from './erasures.ts';
import { events } from './events.ts';
import { exports } from './exports.ts';
import { heldMessages } from './held-messages.ts';
import { holds } from './holds.ts';
import { key } from './key.ts';
import { messageVersions } from './message-versions.ts';
import { serverSend } from './send.ts';
import { userAccess } from './user-access.ts';
import { userBatch } from './user-batch.ts';
import { users } from './users.ts';
import { webhook } from './webhook.ts';
import { webhookUse } from './webhook-use.ts';
import { webhooks } from './webhooks.ts';

export type Route = (app: ApiServer, context: ApiContext) => void;

/** What keys call as themselves. */
export const behindKey: Route[] = [
  key,
  events,
  exports,
  webhooks,
  webhook,
  allGroups,
  webhookUse,
  serverSend,
  deleteMessage,
  messageVersions,
  users,
  userBatch,
  createUser,
  userAccess,
  erasures,
  erasureState,
  holds,
  heldMessages,
];
