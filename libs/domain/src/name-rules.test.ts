import { describe, expect, test } from 'vitest';
import { namePattern } from './name-rules.ts';

const name = new RegExp(namePattern(), 'u');

describe('C15: what a name may be', () => {
  test.each([
    'Ana',
    'a',
    '明天',
    'नमस्ते',
    'عمر',
    'שלום',
    '😀',
    '👩‍👩‍👧',
    '🏴󠁧󠁢󠁥󠁮󠁧󠁿',
    '❤️',
    'José',
    'O’Neil, jr.',
    ' x ',
    '\u200fعمر',
    'e\u0301',
    'a\ue000',
    '\u{1fffd}',
  ])('%s is a name', (text) => {
    expect(name.test(text)).toBe(true);
  });

  test.each([
    ...[
      '',
      ' ',
      '\u00a0',
      '\u3000',
      '\u200b',
      '\u200d\u200d',
      '\ufeff',
      '\u2800',
      '\u3164\u3164',
      '\u00ad',
      '\ufe0f',
      '\u{e0041}',
    ],
    ...['\u0301', '\u0301\u0302 ', '\u0903', '\u20dd', '\ufffc', '\ue000', '\u{f0000}', '\u{10fffd}\u0301'],
    ...['\uffff', '\ufdd0', 'a\ufffe', 'a\ufdefb', 'a\u{1ffff}', '\u{10fffe}b'],
    ...['a\u202eb', '\u2066a\u2069', 'a\u202a', 'a\nb', 'a\u0000', '\u0085a', 'a\u009b31m', 'a\u007f', 'a\u2028b'],
  ])('%j is none', (text) => {
    expect(name.test(text)).toBe(false);
  });

  test('no character alone that Unicode calls white, ignorable or a control is a name, nor beside others what turns directions', () => {
    const [blank, turning] = [
      /^[\p{White_Space}\p{Default_Ignorable_Code_Point}\p{Cc}\p{M}\p{Co}\p{Noncharacter_Code_Point}]$/u,
      /^[\u202a-\u202e\u2066-\u2069\p{Noncharacter_Code_Point}]$/u,
    ];
    const wrong: string[] = [];
    for (let code = 0; code <= 0x10ffff; code++) {
      const character = String.fromCodePoint(code);
      if (blank.test(character) && name.test(character)) wrong.push(code.toString(16));
      if ((/^\p{Cc}$/u.test(character) || turning.test(character)) && name.test(`a${character}b`))
        wrong.push(code.toString(16));
      if (/^[\p{L}\p{N}\p{P}]$/u.test(character) && !blank.test(character) && !name.test(character))
        wrong.push(code.toString(16));
    }
    expect(wrong).toEqual([]);
  });
});
