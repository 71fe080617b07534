import { ERROR_CODES, type ErrorCode, type Retry } from '@chasqui/domain';
import {
  ActionNoticeFrame,
  ChatMessageFrame,
  ConversationStateField,
  ConversationStateFrame,
  HiddenFrame,
  MembershipFrame,
  MomentNoticeFrame,
  NoticeFrame,
  ReadFrame,
  RecallNoticeFrame,
  ReceiptFrame,
  UserIdField,
} from '@chasqui/protocol';
import Type, { type Static, type TSchema } from 'typebox';
import { ConversationBody } from './conversation-body.ts';
import { GroupBody } from './group-body.ts';

/** Any text without NUL, which not every store can hold. */
export const NO_NUL = { pattern: '^[^\\u0000]*$', 'x-rule': 'not have the character U+0000' };

/** The body of every error. */
export interface ErrorBody {
  error: { code: ErrorCode; message: string; retry: Retry; field?: string; retryAfterMs?: number };
}

const Problem = Type.Object(
  {
    error: Type.Object({
      code: Type.Unsafe<ErrorCode>(
        Type.String({ enum: Object.keys(ERROR_CODES), description: 'Stable; programs should use it.' }),
      ),
      message: Type.String({ description: 'A sentence for people.' }),
      retry: Type.Unsafe<Retry>(
        Type.String({
          enum: ['never', 'backoff', 'reconnect'],
          description: 'When the same request may succeed: never, after a back-off, or after a reconnect.',
        }),
      ),
      field: Type.Optional(Type.String({ description: 'The invalid parameter or body field.' })),
      retryAfterMs: Type.Optional(Type.Integer({ minimum: 0, description: 'Earliest sensible time to try again.' })),
    }),
  },
  { description: 'Every answer that is not a success.' },
);

const Tokens = Type.Object(
  {
    userId: UserIdField,
    accessToken: Type.String({ description: 'For `Authorization: Bearer` and the `login` frame.' }),
    refreshToken: Type.String({ description: 'Only for `POST /api/auth/refresh`.' }),
    expiresInS: Type.Integer({ description: 'Seconds until the access token expires.' }),
  },
  { description: 'A user is logged in.' },
);

/** Schemas that the OpenAPI document lists by name, and that routes refer to. */
export const SHARED_SCHEMAS = {
  Error: Problem,
  Message: ChatMessageFrame,
  Receipt: ReceiptFrame,
  Read: ReadFrame,
  Recall: RecallNoticeFrame,
  Action: ActionNoticeFrame,
  MomentNotice: MomentNoticeFrame,
  Membership: MembershipFrame,
  Notice: NoticeFrame,
  ConversationStateUpdate: ConversationStateFrame,
  HiddenMessages: HiddenFrame,
  Conversation: ConversationBody,
  ConversationState: ConversationStateField,
  Group: GroupBody,
  Tokens,
} as const satisfies { [name: string]: TSchema };

type SharedName = keyof typeof SHARED_SCHEMAS;

/** A reference to a shared schema, with its type. */
export function shared<N extends SharedName>(name: N) {
  return Type.Unsafe<Static<(typeof SHARED_SCHEMAS)[N]>>({ $ref: `${name}#` });
}

/** The documented error answers of a route, by status. Every route may also answer 500. */
export function problems<S extends number>(...statuses: S[]) {
  const entries = [...statuses, 500].map((status) => [status, { description: MEANINGS[status], ...shared('Error') }]);
  return Object.fromEntries(entries) as { [status in S | 500]: ReturnType<typeof shared<'Error'>> };
}

const MEANINGS: { [status: number]: string } = {
  400: 'The request is malformed; `field` says where.',
  401: 'The token (or the password) is missing, wrong or expired.',
  403: 'It is not yours to see or do, or it is turned off.',
  404: 'There is no such thing, or it is not yours to see.',
  409: 'It is taken, or it is full.',
  410: 'What it names is not kept any more.',
  413: 'The body is too large.',
  415: 'The body is not `application/json`.',
  422: 'It has the right form and cannot be; `field` says what.',
  429: 'Too fast; see `Retry-After`.',
  500: 'A fault of ours; it is logged.',
  503: 'An engine is away; try again.',
  504: 'No answer in time; try again.',
};

/** The errors of every route behind a token. */
export const MEMBER_PROBLEMS = [400, 401, 503, 504] as const;
/**
 * The errors of every route behind a token that changes something without a body: if a client sends one, it is read.
 */
export const CHANGE_PROBLEMS = [...MEMBER_PROBLEMS, 413, 415] as const;
/** The errors of routes for administrators. */
export const ADMIN_PROBLEMS = [...MEMBER_PROBLEMS, 403, 429] as const;
export const ADMIN_CHANGE_PROBLEMS = [...CHANGE_PROBLEMS, 403, 429] as const;
/** The errors of every route with a JSON body. */
export const BODY_PROBLEMS = [400, 413, 415, 503, 504] as const;

/** The errors of every change of a group. */
export const GROUP_PROBLEMS = problems(...CHANGE_PROBLEMS, 403, 404, 409, 422, 429);

/** The errors of every route of the server API; see MEMBER_PROBLEMS and CHANGE_PROBLEMS. */
export const SERVER_PROBLEMS = [...MEMBER_PROBLEMS, 403, 429] as const;

export const API_KEY = [{ apiKey: [] }];
export const BEARER = [{ bearer: [] }];
