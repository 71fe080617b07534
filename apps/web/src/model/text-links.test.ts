import { describe, expect, test } from 'vitest';
import { linkPieces } from './text-links.ts';

const linksIn = (text: string) =>
  linkPieces(text).flatMap(({ text, href }) => (href === undefined ? [] : [[text, href]]));

describe('links in a text', () => {
  test.each([
    ['see https://a.example/b?c=d#e.', 'https://a.example/b?c=d#e', 'https://a.example/b?c=d#e'],
    ['(http://a.example/x_(y))', 'http://a.example/x_(y)', 'http://a.example/x_(y)'],
    ['write to me@a.example', 'me@a.example', 'mailto:me@a.example'],
    ['看 http://例子.测试/路径。', 'http://例子.测试/路径', 'http://xn--fsqu00a.xn--0zwm56d/%E8%B7%AF%E5%BE%84'],
  ])('%s', (text, shown, href) => expect(linksIn(text)).toEqual([[shown, href]]));

  test.each([
    'javascript:alert(1)',
    'data:text/html,<script>alert(1)</script>',
    'ftp://a.example/x',
    '//a.example/x',
    'version 1.2.3 of 10:30 in readme.md of example.com',
    'no links here',
    '',
  ])('none in %s', (text) => expect(linksIn(text)).toEqual([]));

  test('an address leads to the host that it shows, never to one behind an @', () => {
    expect(linksIn('https://bank.example@evil.example/')).toEqual([['https://bank.example', 'https://bank.example/']]);
  });

  test('the pieces are the whole text, in order', () => {
    const text = 'a https://a.example b me@b.example c';
    expect(
      linkPieces(text)
        .map((piece) => piece.text)
        .join(''),
    ).toBe(text);
    expect(linkPieces(text)).toHaveLength(5);
  });

  test('a long text of colons and dots takes no long time', () => {
    const text = 'http://a.'.repeat(2_000);
    const started = performance.now();
    linkPieces(text);
    expect(performance.now() - started).toBeLessThan(2_000);
  });
});
