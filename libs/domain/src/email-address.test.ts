import { describe, expect, test } from 'vitest';
import { isEmailAddress, mailboxKey } from './email-address.ts';

describe('C15: what an e-mail address may be', () => {
  test.each([
    ...[
      'ann@example.org',
      'Ann.Lee+x@mail.example.org',
      "o'neil@example.org",
      '_a-b@x.museum',
      'a@xn--bcher-kva.example',
    ],
    `${'a'.repeat(64)}@example.org`,
  ])('%s is one', (text) => {
    expect(isEmailAddress(text)).toBe(true);
  });

  test.each([
    ...['', 'ann', '@example.org', 'ann@', 'ann@localhost', 'ann@@example.org', 'a@b@example.org', '"a b"@example.org'],
    ...[
      '.a@example.org',
      'a.@example.org',
      'a..b@example.org',
      'a@.example.org',
      'a@example.org.',
      'a@-x.org',
      'a@x-.org',
    ],
    ...[
      'bob%example.org@relay.example',
      'relay.example!bob@example.org',
      'a@[127.0.0.1]',
      'a@127.1',
      'a@x.0x7f',
      'a@bücher.example',
      'bücher@x.org',
    ],
    ...[
      'a@example.org\n',
      'a@exa\u00admple.org',
      'a@ｅxample.org',
      '\u212a@example.org',
      'a@example.org,b@example.org',
    ],
    ...[`${'a'.repeat(65)}@example.org`, `a@${'b'.repeat(64)}.org`, `a@${'b.'.repeat(126)}org`],
  ])('%j is none', (text) => {
    expect(isEmailAddress(text)).toBe(false);
  });

  test('no character beyond ASCII, no control and no space is in one, wherever it stands', () => {
    const taken: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      if (code > 0x20 && code < 0x7f) continue;
      const character = String.fromCodePoint(code);
      for (const text of [`${character}a@b.org`, `a${character}@b.org`, `a@b${character}.org`, `a@b.org${character}`]) {
        if (isEmailAddress(text)) taken.push(text);
      }
    }
    expect(taken).toEqual([]);
  });

  test('spellings that many hosts deliver to one mailbox share one key, others do not', () => {
    for (const one of [
      'annlee@example.org',
      'Ann.Lee@EXAMPLE.org',
      'annlee+1@example.org',
      'a.nnle.e+x+y@example.org',
    ]) {
      expect(mailboxKey(one)).toBe('annlee@example.org');
    }
    expect(mailboxKey('+x@example.org')).toBe('+x@example.org');
    expect(mailboxKey('annlee@mail.example.org')).not.toBe(mailboxKey('annlee@example.org'));
  });
});
