import type { ClientFrameType } from '@chasqui/protocol';
import { handleAck } from './ack.ts';
import { handleAction } from './action.ts';
import { handleChat } from './chat.ts';
import { handleConfirm } from './confirm.ts';
import type { FrameHandler } from './frame-handler.ts';
import { handleGroups } from './groups.ts';
import { handleLogin } from './login.ts';
import { handleLogout } from './logout.ts';
import { handlePing } from './ping.ts';
import { handlePresenceSubscribe } from './presence-subscribe.ts';
import { handleRecall } from './recall.ts';
import { handleSync } from './sync.ts';
import { handleSyncLog } from './sync-log.ts';
import { handleTyping } from './typing.ts';

export const FRAME_HANDLERS = {
  login: handleLogin,
  chat: handleChat,
  ack: handleAck,
  sync_offline_messages: handleSync,
  sync: handleSyncLog,
  groups: handleGroups,
  confirm_messages_synced: handleConfirm,
  typing: handleTyping,
  presence_subscribe: handlePresenceSubscribe,
  recall: handleRecall,
  action: handleAction,
  ping: handlePing,
  logout: handleLogout,
} satisfies { [T in ClientFrameType]: FrameHandler<T> };
