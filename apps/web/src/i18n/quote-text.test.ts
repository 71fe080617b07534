import { expect, test } from 'vitest';
import { quoteOf } from '../model/quote.ts';
import { en } from './en.ts';
import { quoteText } from './quote-text.ts';

test('a quote says what is there, and what is not any more', () => {
  const from = 'bob';
  expect(quoteText({ from, kind: 'text', text: 'hello' }, en)).toBe('hello');
  expect(quoteText({ from, kind: 'empty', recalledAt: 1 }, en)).toBe(en.message.recalledQuote);
  expect(quoteText('gone', en)).toBe(en.message.goneQuote);
  expect(quoteText(undefined, en)).toBe('…');
});

test('a quote without a text says what it is', () => {
  expect(quoteText({ from: 'bob', kind: 'attachments' }, en)).toBe('Files');
  expect(quoteText({ from: 'bob', kind: 'attachments', text: 'see' }, en)).toBe('see');
  expect(quoteText({ from: 'bob', kind: 'data' }, en)).toBe(en.attachment);
  const picture = { id: 'a', name: 'sea.png', size: 1, type: 'image/png' };
  expect(quoteText(quoteOf({ from: 'bob', content: { attachments: [picture] } }), en)).toBe('Photo');
  expect(quoteText(quoteOf({ from: 'bob', content: { attachments: [picture, picture] } }), en)).toBe('2 photos');
});
