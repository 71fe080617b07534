import { ERROR_CODES, type ErrorCode, ImError } from '@chasqui/domain';
import { expect, test } from 'vitest';
import { httpStatusOf } from './http-status.ts';
import { publicMessage } from './public-message.ts';

test.each(Object.keys(ERROR_CODES) as ErrorCode[])('C15: no words of an engine leave with %s', (code) => {
  const words = 'connect ECONNREFUSED 10.1.2.3:3306 in /var/lib/chasqui/store.db';
  const told = publicMessage(new ImError(code, words));
  if (httpStatusOf(code) < 500) expect(told).toBe(words);
  else expect(told).toMatch(/^(?!.*(?:ECONN|10\.1|store\.db)).{10,}$/);
});
