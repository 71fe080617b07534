import { type ApiEngines, type ApiOptions, type ApiTokens, createApi } from '@chasqui/app-api/core';
import { createManualClock, toRecord } from '@chasqui/contracts';
import {
  type Clock,
  DEFAULT_LIMITS,
  defined,
  directAudience,
  directConversation,
  encodeMessage,
  groupLog,
  HybridClock,
  ImError,
  type Mentions,
  type Message,
  type MessageId,
} from '@chasqui/domain';
import { createMetrics, silentLogger } from '@chasqui/kit';
import {
  createMemoryApiKeys,
  createMemoryAuditLog,
  createMemoryBlobs,
  createMemoryBus,
  createMemoryConversations,
  createMemoryDevices,
  createMemoryErasures,
  createMemoryGroupNodes,
  createMemoryHolds,
  createMemoryLogins,
  createMemoryMediaFiles,
  createMemoryMessages,
  createMemoryMoments,
  createMemoryOfflineCache,
  createMemoryPresence,
  createMemoryProfiles,
  createMemoryPushOutcomes,
  createMemoryRateLimits,
  createMemoryRelations,
  createMemoryRevocations,
  createMemorySearch,
  createMemoryServerEvents,
  createMemorySweeps,
  createMemoryUnreadCache,
  createMemoryUsers,
  KeptConversations,
} from '@chasqui/memory';
import { createTokenIssuer, createTokenVerifier } from '@chasqui/tokens';
import type { InjectOptions, LightMyRequestResponse } from 'fastify';
import { ChangeConsumer, isGroupChange } from './change-consumer.ts';
import { checkAgainstDocument } from './documented.ts';

export const SECRET = 'the tests sign their tokens with this';
/** Cheap to compute: the cost is not under test. */
const CHEAP = { N: 16, r: 1, p: 1 };

export type Call = Omit<InjectOptions, 'method' | 'url'> & { as?: string };

export interface TestApi extends AsyncDisposable {
  app: Awaited<ReturnType<typeof createApi>>;
  clock: ReturnType<typeof createManualClock>;
  deps: ApiParts;
  /** An access token of the user. */
  tokenOf(userId: string): Promise<string>;
  /** Sends a request, `as` a user if given, and checks the answer against the OpenAPI document. */
  call(method: InjectOptions['method'], url: string, call?: Call): Promise<LightMyRequestResponse>;
  /** A message that was sent the durable way. */
  store(from: string, to: string, text: string, fields?: SentWith): Promise<Message>;
  /** The same in a group. */
  post(group: string, from: string, text: string, mentions?: Mentions, fields?: SentWith): Promise<Message>;
  /** Lets time pass, and changes of groups be applied, until the answer is there. */
  during<T>(answer: Promise<T>): Promise<T>;
}

type SentWith = Pick<Message, 'replyTo'> & Pick<Message['content'], 'attachments'>;

/** The API's dependencies, without the groups. */
export type ApiParts = ApiOptions['runtime'] &
  ApiEngines &
  ApiTokens &
  Omit<ApiOptions, 'runtime' | 'engines' | 'tokens'>;

/** Undefined removes a dependency. */
type Replaced = { [K in keyof ApiParts]?: ApiParts[K] | undefined };

/** The API on in-memory engines. `deps` replaces some of them. */
export async function createTestApi(
  deps: Replaced | ((deps: ApiParts) => Replaced) = {},
  settings: ApiParts['settings'] = {},
): Promise<TestApi> {
  const clock = createManualClock(Date.now());
  const ids = new HybridClock({ now: clock.now, tag: 7 });
  const standard = standardDeps(clock, ids, settings);
  const all = { ...standard, ...(typeof deps === 'function' ? deps(standard) : deps) } as ApiParts;
  const app = await createApi(optionsOf(all));
  const present = Object.entries(all).filter(([, part]) => part !== undefined);
  const madeOf = JSON.stringify([present.map(([name]) => name), settings, all.limits]);
  const issuer = createTokenIssuer({ secret: SECRET, clock, accessTtlS: 3600, refreshTtlS: 7200 });
  const changes = new ChangeConsumer(all);
  const tokenOf = async (userId: string) => (await issuer.issue(userId)).accessToken;
  return {
    app,
    clock,
    deps: all,
    tokenOf,
    async call(method = 'GET', url, { as, headers, ...call } = {}) {
      const authorization = as === undefined ? {} : { authorization: `Bearer ${await tokenOf(as)}` };
      const asked = app.inject({ ...call, method, url, headers: { ...authorization, ...headers } });
      const response = await (isGroupChange(method, url) ? changes.during(asked, clock) : asked);
      checkAgainstDocument({ app, madeOf }, method, url, response);
      return response;
    },
    during: (answer) => changes.during(answer, clock),
    store: (from, to, text, { attachments, ...fields } = {}) =>
      storeMessage(
        all,
        messageOf(ids.next(), clock.now(), from, {
          content: { text, ...defined({ attachments }) },
          conversationId: directConversation(from, to),
          kind: 'c2c',
          audience: directAudience(from, to),
          ...fields,
        }),
      ),
    post: (group, from, text, mentions, { attachments, ...fields } = {}) =>
      storeMessage(
        all,
        messageOf(ids.next(), clock.now(), from, {
          content: { text, ...defined({ attachments }) },
          conversationId: group,
          kind: 'group',
          audience: [groupLog(group)],
          ...defined({ mentions }),
          ...fields,
        }),
      ),
    async [Symbol.asyncDispose]() {
      await app.close();
      await changes[Symbol.asyncDispose]();
    },
  };
}

function optionsOf(parts: ApiParts): ApiOptions {
  const { nodeId, clock, random, limits, logger, metrics, tracing, ...others } = parts;
  const { peers, sends, blobs, mediaFiles, scanner, codeSecret, ...more } = others;
  const { degraded, webRoot, settings, verifier, issuer, ...engines } = more;
  return {
    runtime: { nodeId, clock, random, limits, logger, metrics, tracing },
    engines,
    peers,
    sends,
    blobs,
    mediaFiles,
    codeSecret,
    tokens: { verifier, ...defined({ issuer }) },
    ...defined({ scanner, degraded, webRoot, settings }),
  };
}

function standardDeps(clock: Clock, ids: HybridClock, settings: ApiParts['settings']): ApiParts {
  const state = new KeptConversations(ids.next());
  const profiles = createMemoryProfiles({ attachments: state.attachments, clock });
  const { conversations, conversationStates, groups, logs, attachments, reactions } = createMemoryConversations({
    ...{ clock, ids, profiles, state },
  });
  const messages = createMemoryMessages();
  return {
    conversations,
    conversationStates,
    groups,
    logs,
    attachments,
    reactions,
    messages,
    locator: messages,
    search: createMemorySearch(),
    users: createMemoryUsers(),
    profiles,
    ...createMemoryRelations(),
    ...createMemoryMoments({ logs }),
    blobs: createMemoryBlobs(),
    mediaFiles: createMemoryMediaFiles(),
    codeSecret: 'the tests sign their codes with this',
    devices: createMemoryDevices(),
    revocations: createMemoryRevocations(),
    logins: createMemoryLogins(),
    apiKeys: createMemoryApiKeys(),
    auditLog: createMemoryAuditLog(),
    erasures: createMemoryErasures(),
    holds: createMemoryHolds({ attachments: state.attachments, clock }),
    sweeps: createMemorySweeps(),
    pushOutcomes: createMemoryPushOutcomes(),
    ...createMemoryServerEvents(),
    unreadCache: createMemoryUnreadCache(),
    offlineCache: createMemoryOfflineCache(),
    rateLimits: createMemoryRateLimits({ clock }),
    ...createMemoryPresence({ clock }),
    groupNodes: createMemoryGroupNodes({ clock }),
    // No Connect node runs here: see test/connect/api-and-nodes.ts.
    sends: { send: () => Promise.reject(new Error('no node')), async [Symbol.asyncDispose]() {} },
    peers: { deliver: async (_, deliveries) => deliveries.map(() => 0), async [Symbol.asyncDispose]() {} },
    bus: createMemoryBus({ clock, random: Math.random, shards: 4 }),
    verifier: createTokenVerifier({ secret: SECRET, clock, clockToleranceS: 5 }),
    issuer: createTokenIssuer({ secret: SECRET, clock, accessTtlS: 3600, refreshTtlS: 7200 }),
    nodeId: 'api-1',
    clock,
    random: Math.random,
    limits: DEFAULT_LIMITS,
    logger: silentLogger,
    metrics: createMetrics({ app: 'api' }),
    settings: { passwordCost: CHEAP, ...settings },
  };
}

type Place = Pick<Message, 'conversationId' | 'kind' | 'audience' | 'mentions' | 'content'>;

function messageOf(messageId: MessageId, sentAt: number, from: string, place: Place): Message {
  return { messageId, from, fromDevice: 'phone', clientMessageId: messageId, sentAt, ...place };
}

async function storeMessage({ conversations, messages, search }: ApiParts, sent: Message): Promise<Message> {
  const [outcome] = await conversations.record([toRecord(sent)]);
  if (outcome?.result !== 'recorded') throw new ImError('internal', `not recorded: ${JSON.stringify(outcome)}`);
  const message = { ...sent, messageId: outcome.messageId };
  const { messageId, conversationId, from, audience, sentAt, content } = message;
  await messages.put([{ ...encodeMessage(message), steps: [{ state: 'stored', at: sentAt, node: 'business-1' }] }]);
  const { text = '' } = content;
  await search.index([{ messageId, conversationId, from, logs: audience, text, sentAt, status: 'stored', version: 1 }]);
  return message;
}
