import type { MovedKind, MovedRow } from '@chasqui/ports';

const id = (n: number) => `0190${String(n).padStart(20, '0')}`;
const file = (n: number) => String(n).padStart(32, 'f');
const ANN_BOB = 'ann~bob';
const JSON_TEXT = '{"text":"你好 \\"quoted\\" 😀"}';

/** A few rows of each kind, as any store may have them. */
export const MOVED_SAMPLES: { readonly [Kind in MovedKind]: readonly MovedRow[] } = {
  accounts: [
    ['ann', 'hash-1', 'Ann', 1],
    ['bob', 'hash-2', 'Bob 你好', 2_000_000_000_000],
  ],
  profiles: [['ann', 2, JSON_TEXT]],
  profile_words: [
    ['ann', 'ann'],
    ['ann', 'bob'],
  ],
  contacts: [
    ['ann', 'bob', 'contact', 1],
    ['ann', 'cat', 'incoming', 2],
    ['cat', 'ann', 'outgoing', 2],
  ],
  blocks: [['ann', 'dan', 3]],
  devices: [['ann', 'phone', 'ios', 1, 2]],
  push_registrations: [
    ['ann', 'phone', 'apns', 'token-1', 'app', 'en', 1, 1],
    ['ann', 'phone', 'email', 'ann@example.org', 'app', 'en', 1, 0],
  ],
  revocations: [
    ['ann', '', 5, 2, 3],
    ['ann', 'phone', 5, 1, 0],
  ],
  disabled_users: [['dan', 4]],
  logins: [['ann', 'a'.repeat(32), 3, 5]],
  audit_log: [[id(1), '', 5, 'cli:root@here', 'disable_user', 'dan', 'done', 'why']],
  push_outcomes: [[id(1), 'bob', 'phone', 'given_up', null, 'gone', 3, 5, 'node-1']],
  erasures: [['eve', 1, 'cli:root@here', 5, 0, 9]],
  legal_holds: [[id(2), 'user', 'ann', 'a case', 'cli:root@here', 5]],
  held_messages: [[id(2), id(1), ANN_BOB, 'ann', 5, 6, JSON_TEXT]],
  api_keys: [['0123456789abcdef', 'shop', 'messages:send', 'h'.repeat(64), '', 0, 50, 1, 0, 0, 0]],
  attachments: [
    [file(1), 'ann', 2, 'a.png', 2 ** 40, 'image/png', 'a'.repeat(64), null, 1, 1, 2, JSON_TEXT, 1, file(9)],
    [file(2), 'bob', 0, 'b.txt', 3, 'text/plain', 'b'.repeat(64), 'infected', 1, 0, 2, null, 0, null],
  ],
  attachment_references: [[ANN_BOB, id(1), file(1)]],
  moments: [
    [id(3), 'ann', 'client-1', 'text', null, '[]', 5, 1, 2, 1],
    [id(4), 'ann', 'client-2', 'text', '["bob","cat"]', '[]', 6, 0, 0, 0],
  ],
  moment_likes: [[id(3), 'bob', 6, 0]],
  moment_comments: [[id(3), id(5), 'bob', 'client-1', 'well', 6]],
  moment_pictures: [
    [file(3), 'ann', 0, null, JSON_TEXT, 5],
    [file(4), 'ann', 1, id(3), JSON_TEXT, 5],
  ],
  logs: [
    ['ann', 3, 1, 0],
    ['bob', 7, 7, 2],
  ],
  log_entries: [
    ['ann', 2, 5, 1, ANN_BOB, id(1), 0, 'client-1', 'ann'],
    ['ann', 3, 6, 3, '', '', 0, JSON_TEXT, ''],
  ],
  first_recordings: [
    ['ann', 'client 1', id(1), 'digest', 'ann 2,bob 7', 2_000_000_000_000],
    ['ann', 'client 2', id(2), 'digest', '!muted', 2_000_000_000_000],
  ],
  conversation_entries: [
    ['ann', ANN_BOB, id(1), 'ann', 'hello', 5, id(1), 0, id(1), 6, 'node-1', 0, 0],
    ['bob', ANN_BOB, id(1), 'ann', 'hello', 5, '', 3, '', 0, '', 7, 2],
    ['bob', 'bob~cat', '', '', '', 5, id(2), 0, '', 0, '', 0, 0],
  ],
  message_actions: [[ANN_BOB, id(1), 3]],
  device_positions: [['ann', 'phone', 2, 5]],
  conversation_states: [['ann', ANN_BOB, JSON_TEXT]],
  hidden_messages: [['ann', ANN_BOB, id(1)]],
  reactions: [
    [ANN_BOB, id(1), '', 'all of them'],
    [ANN_BOB, id(1), 'bob', 'his'],
  ],
  groups: [['team', JSON_TEXT, 0, id(7), 'ann', 'hello team', 9]],
  group_members: [
    ['team', 'ann', 0, 0, id(6), JSON_TEXT, id(7), 9, 'node-1', 1, 1, 'Ann', 'ann'],
    ['team', 'bob', 2, 8, '', JSON_TEXT, '', 0, '', 0, 0, '', ''],
  ],
  group_member_words: [['team', 'ann', 'ann']],
  group_totals: [
    ['team', '#', id(7), 2],
    ['team', '*', id(7), 1],
    ['team', '=ann', id(7), 1],
    ['team', '~ann', id(7), 1],
    ['team', '!bob', id(7), 1],
  ],
  group_edit_mentions: [['team', 'bob', id(7), 9]],
  group_links: [
    ['link-1', 'team', 'ann', 5, 0, null],
    ['link-2', 'team', 'ann', 5, 9, 3],
  ],
  group_requests: [['team', 'cat', 5]],
  group_changes: [['team', 'ann', 'change-1', 'digest', JSON_TEXT, 5]],
  server_events: [
    [2, 'event-2', ANN_BOB, 5, JSON_TEXT],
    [3, 'event-3', 'team', 6, JSON_TEXT],
  ],
  server_event_log: [[1, 3, 5, 9]],
  webhooks: [['hook-1', 2, 5, JSON_TEXT, 'owner', 3, JSON_TEXT]],
  webhook_dead_letters: [['hook-1', 2, 5, 'answered 500', 0, JSON_TEXT]],
};
