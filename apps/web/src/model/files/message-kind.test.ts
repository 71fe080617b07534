import { expect, test } from 'vitest';
import { filesEn } from '../../i18n/files-en.ts';
import { filesZh } from '../../i18n/files-zh.ts';
import { kindText } from '../../i18n/kind-text.ts';
import { messageKind } from './message-kind.ts';

const file = (type: string, name = 'a') => ({ id: '0'.repeat(32), name, size: 1, type });
const photo = file('image/png');
const voice = file('audio/webm', 'voice-2026-11-30-16-05-09.webm');

test.each([
  [{ attachments: [photo] }, 'Photo', '图片'],
  [{ attachments: [photo, photo, photo] }, '3 photos', '3 张图片'],
  [{ attachments: [file('video/mp4')] }, 'Video', '视频'],
  [{ attachments: [voice] }, 'Voice message', '语音消息'],
  [{ attachments: [file('audio/mpeg', 'song.mp3')] }, 'Audio', '音频'],
  [{ attachments: [file('application/pdf', 'plan.pdf')] }, 'plan.pdf', 'plan.pdf'],
  [{ attachments: [photo, file('application/pdf')] }, '2 files', '2 个文件'],
  [{ location: { latitude: 1, longitude: 2 } }, 'Location', '位置'],
  [{ contact: { userId: 'bob' }, text: 'Bob' }, 'Contact', '名片'],
])('%j is %s', (content, english, chinese) => {
  const kind = messageKind(content);
  expect(kind && kindText(filesEn, kind)).toBe(english);
  expect(kind && kindText(filesZh, kind)).toBe(chinese);
});

test('a text has no other name', () => expect(messageKind({ text: 'hello' })).toBeUndefined());
