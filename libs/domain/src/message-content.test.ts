import { expect, test } from 'vitest';
import { contentKind, type MessageContent } from './message-content.ts';

const location = { latitude: -33.86, longitude: 151.2 };

test.each<[MessageContent, string]>([
  [{ text: 'hi' }, 'text'],
  [{ data: { a: 1 } }, 'data'],
  [{ text: 'hi', data: { a: 1 } }, 'text'],
  [{ text: 'here', location }, 'location'],
  [{ contact: { userId: 'eva' }, data: {} }, 'contact'],
  [{ location, contact: { userId: 'eva' } }, 'location'],
  [{ text: 'see', attachments: [{ id: '0', name: 'a', size: 1, type: 'a/b' }] }, 'attachments'],
  [{}, 'empty'],
  [{ hologram: 1 } as MessageContent, 'empty'],
])('what people are told that a message is follows from its parts: %j is %s', (content, kind) => {
  expect(contentKind(content)).toBe(kind);
});
