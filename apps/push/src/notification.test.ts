import { initialProfile, type StoredMessage } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { collapseIdOf, type NotificationParts, notificationOf } from './notification.ts';
import { languageOf } from './texts.ts';

const message: StoredMessage = {
  messageId: '019b76da8000000000000001',
  conversationId: 'ann~bob',
  from: 'ann',
  fromDevice: 'web',
  clientMessageId: 'k',
  kind: 'c2c',
  content: { text: ' Lunch\n at  noon? ' },
  sentAt: 1,
  audience: ['ann', 'bob'],
  statuses: { bob: 'unread' },
  revision: 0,
  steps: [],
};
const bob = initialProfile('bob', 'Bob');
const open = { ...bob, notifications: { ...bob.notifications, showText: true } };
const unread = { userId: 'bob', total: 7, byConversation: { 'ann~bob': 3 }, position: 9 };

function told(parts: Partial<NotificationParts> = {}) {
  return notificationOf({
    message,
    deviceId: 'phone',
    sender: initialProfile('ann', '安妮'),
    receiver: bob,
    seat: null,
    unread,
    now: 1_000,
    registration: { provider: 'apns', token: 't', app: '', language: '', at: 0 },
    settings: { allowText: true, language: 'en', maxAgeMs: 500 },
    ...parts,
  });
}

test('it says who wrote and how much waits; the badge is the exact total', () => {
  expect(told()).toMatchObject({ title: '安妮', body: '3 new messages', badge: 7, language: 'en', expiresAt: 1_500 });
  expect(told({ unread: { ...unread, byConversation: { 'ann~bob': 1 } } }).body).toBe('New message');
});

test('what was written is shown only where both the receiver and the server allow it', () => {
  expect(told({ receiver: open }).body).toBe('Lunch at noon?');
  expect(told({ receiver: open, settings: { allowText: false, language: 'en', maxAgeMs: 1 } }).body).toBe(
    '3 new messages',
  );
  expect(told({ receiver: open, message: { ...message, content: { data: { x: 1 } } } }).body).toBe('3 new messages');
  const long = { ...message, content: { text: '长'.repeat(200) } };
  expect(told({ receiver: open, message: long }).body).toBe(`${'长'.repeat(119)}…`);
});

test('a location, a contact or a file without a text is called so, where what was written may be shown', () => {
  const body = (content: object, receiver = open, locale = 'en') =>
    told({ receiver: { ...receiver, locale }, message: { ...message, content } }).body;
  const location = { latitude: 1, longitude: 2 };
  expect(body({ location: { ...location, name: 'Plaza' } })).toBe('Location: Plaza');
  expect(body({ location, text: 'here' })).toBe('Location: here');
  expect(body({ contact: { userId: 'eva' } }, open, 'zh-CN')).toBe('名片: eva');
  const file = { id: '0'.repeat(32), name: 'sea.png', size: 3, type: 'image/png' };
  expect(body({ attachments: [file] })).toBe('File: sea.png');
  expect(body({ attachments: [file, file] }, open, 'zh-CN')).toBe('2 个文件: sea.png');
  expect(body({ location }, bob)).toBe('3 new messages');
});

test('it speaks the language of the device, else of the person, else of the server', () => {
  expect(told({ receiver: { ...bob, locale: 'zh-Hant-TW' } }).body).toBe('3 条新消息');
  const registration = { provider: 'fcm', token: 't', app: '', language: 'en-GB', at: 0 } as const;
  expect(told({ registration, receiver: { ...bob, locale: 'zh' } }).language).toBe('en');
  expect(told({ settings: { allowText: true, language: 'zh-CN', maxAgeMs: 1 } }).language).toBe('zh');
  expect(languageOf('', 'tlh', 'constructor', 'ZH_cn')).toBe('zh');
});

test('without the counts the badge is left alone', () => {
  expect(told({ unread: null })).toMatchObject({ badge: null, body: 'New message' });
});

test('a conversation has one collapse id, which names nobody', () => {
  expect(collapseIdOf('ann~bob')).toMatch(/^[A-Za-z0-9_-]{32}$/);
  expect(told().collapseId).toBe(collapseIdOf('ann~bob'));
  expect(collapseIdOf('ann~bob')).not.toBe(collapseIdOf('ann~cat'));
});
