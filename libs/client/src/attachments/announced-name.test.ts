import { AttachmentNameField } from '@chasqui/protocol';
import { expect, test } from 'vitest';
import { announcedName } from './announced-name.ts';

const { pattern } = AttachmentNameField as { pattern?: string };
const taken = new RegExp(pattern ?? '^$', 'u');

test.each([
  ['sea.png', 'sea.png'],
  ['a/b\\c', 'a_b_c'],
  ['a\u202egnp.exe', 'a_gnp.exe'],
  ['a\u061cb\u200bc\u2028d\u2029e\u2066f\ufeffg', 'a_b_c_d_e_f_g'],
  ['family \u{1f468}\u200d\u{1f469}.jpg', 'family \u{1f468}\u200d\u{1f469}.jpg'],
  ['\u{1f3f4}\u{e0067}\u{e007f}.jpg', '\u{1f3f4}\u{e0067}\u{e007f}.jpg'],
  ['', 'file'],
  ['.', 'file'],
  ['..', 'file'],
  [' . ', 'file'],
  ['.env', '.env'],
  [`${'a'.repeat(199)}\u{1f600}.png`, `${'a'.repeat(199)}_`],
])('C15: a file named %j is announced by a name that the server takes', (name, announced) => {
  expect(announcedName(name)).toBe(announced);
  expect(announced).toMatch(taken);
});
