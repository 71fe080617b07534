import { type ApiKey, defined, ImError } from '@chasqui/domain';
import type { ServerMessage } from '@chasqui/ports';
import {
  ClientMessageIdField,
  ContentField,
  ConversationIdField,
  ForwardOfField,
  MentionsField,
  MessageIdField,
  ReplyToField,
  UserIdField,
} from '@chasqui/protocol';
import Type, { type Static } from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, BODY_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { MAX_BATCH, throttleKey } from '../../http/throttle.ts';
import { FaultField } from '../../server/fields.ts';
import { sendError } from '../../server/server-messages.ts';

const closed = { additionalProperties: false };

const message = {
  from: { ...UserIdField, description: 'A user, or `system`.' },
  to: Type.Optional({ ...UserIdField, description: 'The receiver of a direct message.' }),
  conversationId: Type.Optional(ConversationIdField),
  clientMessageId: ClientMessageIdField,
  content: Type.Optional(ContentField),
  forwardOf: Type.Optional(ForwardOfField),
  mentions: Type.Optional(MentionsField),
  replyTo: Type.Optional(ReplyToField),
  after: Type.Optional({
    ...MessageIdField,
    description: 'A message that its sender knows: it sorts behind this one.',
  }),
};

const Message = Type.Object(message, closed);
type Asked = Static<typeof Message>;

const WaitField = Type.Unsafe<'queued' | 'stored'>(
  Type.String({
    enum: ['queued', 'stored'],
    description: 'When to answer: when the bus has it, or when it is stored (the default).',
  }),
);

const sent = {
  messageId: MessageIdField,
  conversationId: ConversationIdField,
  state: Type.Unsafe<'queued' | 'stored'>(
    Type.String({
      enum: ['queued', 'stored'],
      description: '`queued` though `stored` was waited for: it was not stored within seconds, and will be.',
    }),
  ),
};

const Outcome = Type.Object(
  {
    ...Type.Partial(Type.Object(sent)).properties,
    error: Type.Optional(FaultField),
  },
  { description: 'What became of one message: `error`, or the other fields.' },
);

const example = {
  from: 'system',
  to: 'ana',
  clientMessageId: 'order-1',
  content: { text: 'Your order is on its way' },
};

export function serverSend(app: ApiServer, context: ApiContext): void {
  const { serverMessages } = context;
  app.post(
    '/api/server/messages',
    {
      config: { scope: 'messages:send' },
      schema: {
        operationId: 'serverSend',
        tags: ['server-api'],
        summary: 'Send a message as a user, a bot or the system',
        description:
          'One of `to` and `conversationId`, and of `content` and `forwardOf`, which needs the scope `messages:read` too, and that `from` can see the message. The same `clientMessageId` with the same content gets the first answer again, for 30 days: repeat a call whose outcome is unknown. Blocks and memberships bind users and bots; `system` writes to everybody and every group.',
        security: API_KEY,
        body: Type.Object({ ...message, wait: Type.Optional(WaitField) }, { ...closed, examples: [example] }),
        response: {
          200: Type.Object(sent, { description: 'The message, under its first id.' }),
          ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS, 404, 409, 422),
        },
      },
    },
    async ({ apiKey, body: { wait = 'stored', ...asked } }) => {
      const [outcome] = await serverMessages.send([messageOf(asked, apiKey, wait)]);
      if (outcome === undefined || 'error' in outcome) {
        throw outcome === undefined ? new ImError('internal', 'a message has no outcome') : sendError(outcome.error);
      }
      return outcome;
    },
  );
  app.post(
    '/api/server/messages/batch',
    {
      // A hundred messages of some length.
      bodyLimit: 1024 * 1024,
      config: { scope: 'messages:send' },
      schema: {
        operationId: 'serverSendBatch',
        tags: ['server-api'],
        summary: 'Send up to 100 messages, those of one sender in order',
        description:
          'Each message has its own outcome. If one fails, later ones of its sender to the conversation fail too (`predecessor_missing`) where they would overtake it.',
        security: API_KEY,
        body: Type.Object(
          {
            messages: Type.Array(Message, { minItems: 1, maxItems: MAX_BATCH }),
            wait: Type.Optional(WaitField),
          },
          { ...closed, examples: [{ messages: [example] }] },
        ),
        response: {
          200: Type.Object({ outcomes: Type.Array(Outcome) }, { description: 'In the order of the messages.' }),
          ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS),
        },
      },
    },
    async ({ apiKey, body: { messages, wait = 'stored' } }) => {
      const asked = messages.map((one, place) => messageOf(one, apiKey, wait, `messages.${place}.`));
      refuseRepeats(messages);
      await throttleKey(context, apiKey, messages.length - 1);
      return { outcomes: await serverMessages.send(asked) };
    },
  );
}

/**
 * Errors: `invalid_request` unless there is one address, and content or what is forwarded; `scope_missing`: whoever
 * forwards a message reads it.
 */
function messageOf(asked: Asked, { scopes }: ApiKey, wait: 'queued' | 'stored', path = ''): ServerMessage {
  const { from, to, conversationId, clientMessageId, content, forwardOf, mentions, replyTo, after } = asked;
  if ((to === undefined) === (conversationId === undefined)) {
    const field = `${path}${to === undefined ? 'to' : 'conversationId'}`;
    throw new ImError('invalid_request', 'either to or conversationId must be given', { field });
  }
  if ((content === undefined) === (forwardOf === undefined)) {
    const field = `${path}${content === undefined ? 'content' : 'forwardOf'}`;
    throw new ImError('invalid_request', 'either content or forwardOf must be given', { field });
  }
  if (forwardOf !== undefined && !scopes.includes('messages:read')) {
    throw new ImError('scope_missing', 'to forward needs a key with the scope messages:read', {
      field: 'messages:read',
    });
  }
  const fields = defined({ content, forwardOf, to, conversationId, mentions, replyTo, after });
  return { from, clientMessageId, wait, ...fields };
}

/** One call cannot tell the outcomes of two messages with one id apart. Errors: `invalid_request`. */
function refuseRepeats(messages: readonly Pick<Asked, 'from' | 'clientMessageId'>[]): void {
  const seen = new Set<string>();
  for (const [place, { from, clientMessageId }] of messages.entries()) {
    const id = `${from} ${clientMessageId}`;
    if (seen.has(id)) {
      const field = `messages.${place}.clientMessageId`;
      throw new ImError('invalid_request', 'two messages of one sender have the same clientMessageId', { field });
    }
    seen.add(id);
  }
}
