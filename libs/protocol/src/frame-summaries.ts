import type { ClientFrameType } from './client-frames.ts';
import type { ServerFrameType } from './server-frames.ts';

/** The purpose of each client frame, in a sentence of the published document. */
export const CLIENT_SUMMARIES = {
  login: 'The first frame of a connection.',
  chat: 'Sends a message.',
  ack: 'The device has messages, or the user has read them.',
  sync_offline_messages: 'Asks for a page of the inbox.',
  sync: "Asks for a page of a group's log.",
  groups: 'Asks which of the groups have news.',
  confirm_messages_synced: 'The device has made its own everything up to a position.',
  typing: 'The user is typing, or has stopped.',
  presence_subscribe: 'Asks to be told when users come and go.',
  recall: 'Takes an own message back.',
  action: 'Changes a message for everybody.',
  ping: 'A sign of life.',
  logout: 'Ends the session for good.',
} as const satisfies { [T in ClientFrameType]: string };

/** The meaning of each server frame, in a sentence of the published document. */
export const SERVER_SUMMARIES = {
  login_ok: 'The session stands.',
  send_ack: 'The message is queued durably.',
  server_ack: 'The message is stored.',
  chat: 'A message to or from the user.',
  stored: 'A message has this place in the inbox.',
  receipt: "What became of the user's messages.",
  read: 'The user has read a conversation up to a message.',
  recall: 'A message was taken back by its sender.',
  action: 'A message was changed.',
  moment: "Somebody likes the user's moment, or commented on it.",
  conversation_state: 'The user changed the state of a conversation.',
  hidden: 'The user deleted messages for themselves.',
  retract: 'A live message was not queued in time: drop it.',
  offline_messages: 'A page of the inbox.',
  stored_messages: "Messages have these places in a group's log.",
  notice: 'Something happened in a group.',
  membership: 'What became of the user in a group.',
  read_mark: 'A member of a small group has read up to a message.',
  groups: 'Groups with news, newest first.',
  log_updates: "A page of a group's log.",
  sync_needed: 'Updates may have passed the device by: sync.',
  confirm_ok: 'The confirmation is durable.',
  presence: 'A watched user is online, or is not.',
  typing: 'Somebody is typing, or has stopped.',
  kicked: 'The server ends the session for good.',
  error: 'Something went wrong with a frame or the session.',
  pong: 'The answer to ping.',
} as const satisfies { [T in ServerFrameType]: string };
