import { ERROR_CODES, type ErrorCode } from '@chasqui/client';
import { defined } from '@chasqui/domain';
import { expect, it } from 'vitest';
import { maySendAgain } from './send-again.ts';

const offered = (refusal?: ErrorCode) => maySendAgain({ state: 'failed', ...defined({ refusal }) });

it('a refused message is offered to be sent again only where another message of the same content may be taken', () => {
  const codes = Object.keys(ERROR_CODES) as ErrorCode[];
  const never = codes.filter((code) => ERROR_CODES[code] === 'never');
  expect(never.filter(offered)).toEqual(['client_message_id_reused']);
  expect(codes.filter((code) => !never.includes(code)).every(offered)).toBe(true);
  expect(offered()).toBe(true);
  expect(maySendAgain({ state: 'stored' })).toBe(false);
});

it('a refused forward can be sent again, whatever stood against it', () => {
  const forwardOf = { conversationId: 'ann~bob', messageId: '0199c3d2a4f10000c0ffee01' };
  const codes = Object.keys(ERROR_CODES) as ErrorCode[];
  expect(codes.every((refusal) => maySendAgain({ state: 'failed', refusal, forwardOf }))).toBe(true);
  expect(maySendAgain({ state: 'stored', forwardOf })).toBe(false);
});
