import { expect, test } from 'vitest';
import { ERROR_CODES, type ErrorCode, ImError, knownErrorCode } from './errors.ts';

test('C15: a code that this version knows is itself; whatever else comes is another one', () => {
  expect(knownErrorCode('too_fast')).toBe('too_fast');
  for (const code of ['of_a_later_version', 'toString', '__proto__', '', 7, null, undefined, ['too_fast']]) {
    expect([code, knownErrorCode(code)]).toEqual([code, 'internal']);
  }
  expect(knownErrorCode('of_a_later_version', 'connection_closed')).toBe('connection_closed');
});

test('C15: an error has the retry rule of its code', () => {
  const rules = Object.keys(ERROR_CODES).map((code) => [code, new ImError(code as ErrorCode, '').retry]);
  expect(Object.fromEntries(rules)).toEqual(ERROR_CODES);
});
