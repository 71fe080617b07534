import { expect, test } from 'vitest';
import { emojiOf } from './emoji.ts';

test.each(['👍', '❤️', '👍🏽', '👩🏻‍❤️‍💋‍👨🏻', '🏴󠁧󠁢󠁥󠁮󠁧󠁿', '🇵🇪', '1️⃣', '👨‍👩‍👧‍👦'])('%s is one emoji', (text) => {
  expect(emojiOf(text)).toBe(text);
});

test('a symbol that is also an emoji is that emoji', () => {
  expect(emojiOf('❤')).toBe('❤️');
});

test.each(['', 'a', '1', 'ok', '👍👍', '👍 ', '❤️️', ':+1:', '🏻‍', '\u200d', '\ud83d', '👍'.repeat(99)])(
  'C15: %j is not one emoji',
  (text) => {
    expect(emojiOf(text)).toBeNull();
  },
);
