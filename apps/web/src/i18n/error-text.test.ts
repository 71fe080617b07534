import { ERROR_CODES, type ErrorCode, ImError } from '@chasqui/client';
import { describe, expect, it } from 'vitest';
import { errorTextIn } from './error-text.ts';
import { errorsEn } from './errors-en.ts';
import { errorsZh } from './errors-zh.ts';

const codes = Object.keys(ERROR_CODES) as ErrorCode[];
const languages = [
  { language: 'en', words: errorsEn, hope: /try again in a moment|try again later/i },
  { language: 'zh-CN', words: errorsZh, hope: /稍后再试/ },
];

describe.each(languages)('what went wrong, in $language', ({ language, words, hope }) => {
  const said = (code: ErrorCode, details = {}) => errorTextIn(words, language, new ImError(code, 'for logs', details));

  it.each(codes.filter((code) => ERROR_CODES[code] === 'never'))('never says of %s that trying again helps', (code) => {
    for (const details of [{}, { field: 'userId' }, { field: 'of.the.future' }, { retryAfterMs: 500 }]) {
      expect(said(code, details)).not.toMatch(hope);
      expect(said(code, details)).not.toBe(words.other);
    }
  });

  it.each(codes.filter((code) => ERROR_CODES[code] !== 'never' && code !== 'too_fast'))(
    'says of %s that trying again may help',
    (code) => {
      expect(said(code)).toMatch(hope);
    },
  );

  it.each([
    { what: 'a name', code: 'invalid_request', field: 'displayName', words: words.fields.displayName },
    { what: 'an e-mail address', code: 'content_invalid', field: 'token', words: words.fields.token },
    { what: 'an address that is too long', code: 'invalid_request', field: 'token', words: words.fields.token },
    { what: 'one reaction too many', code: 'action_refused', field: 'emoji', words: words.noMoreReactions },
    { what: 'a code', code: 'content_invalid', field: 'code', words: words.fields.code },
    { what: 'a code of a wrong form', code: 'invalid_request', field: 'code', words: words.fields.code },
    { what: 'a password', code: 'invalid_request', field: 'password', words: words.fields.password },
    {
      what: 'a time zone',
      code: 'content_invalid',
      field: 'notifications.quietHours.timeZone',
      words: words.fields.quietHours,
    },
    { what: 'a user', code: 'not_found', field: 'userId', words: words.noSuchUser },
    { what: 'a moment that is gone', code: 'not_found', field: 'momentId', words: words.codes.not_found },
  ] as const)('names $what ($code of $field)', ({ code, field, words: expected }) => {
    expect(said(code, { field })).toBe(expected);
  });

  it('says what is no error of the server’s, may pass', () => {
    expect(errorTextIn(words, language, new TypeError('of the page'))).toBe(words.other);
  });
});

it('says when to try again, never too early', () => {
  const when = (retryAfterMs: number, [words, locale] = [errorsEn, 'en'] as [typeof errorsEn, string]) =>
    errorTextIn(words, locale, new ImError('too_fast', '', { retryAfterMs }));
  expect(when(1)).toBe('Too many tries. Try again in 1 second.');
  expect(when(59_001)).toBe('Too many tries. Try again in 60 seconds.');
  expect(when(60_001)).toBe('Too many tries. Try again in 2 minutes.');
  expect(when(3_600_000)).toBe('Too many tries. Try again in 1 hour.');
  expect(when(150_000, [errorsZh, 'zh-CN'])).toBe('尝试次数过多，请3分钟后再试。');
});
