import { expect, test } from 'vitest';
import { mayUploadAgain } from './may-upload-again.ts';

test.each([
  ['connection_closed', true],
  ['too_fast', true],
  ['limit_reached', true],
  ['attachment_invalid', true],
  ['invalid_request', false],
  ['forbidden', false],
] as const)('after %s another try is offered: %s', (code, offered) => expect(mayUploadAgain({ code })).toBe(offered));
