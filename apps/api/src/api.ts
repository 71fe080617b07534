import { randomInt } from 'node:crypto';
import {
  AuditTrail,
  ConversationAccess,
  DeliveryRouter,
  EventPublisher,
  LogReader,
  MembershipNotices,
  NodeDirectory,
  SessionCutOffs,
  WantedEvents,
} from '@chasqui/core';
import { attachmentKeys, defined, HybridClock, MOMENT_LIMITS } from '@chasqui/domain';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import Fastify, { type FastifyReply, type FastifyRequest } from 'fastify';
import { createAttachmentMetrics } from './attachments/attachment-metrics.ts';
import { ChecksUnderWay } from './attachments/checks-under-way.ts';
import { FileLinks } from './attachments/file-links.ts';
import { type BlobList, BlobSweeper } from './blobs/blob-sweeper.ts';
import type { ApiContext, ApiOptions, ApiServer } from './context.ts';
import { GroupChanges } from './groups/group-changes.ts';
import { noteMethods } from './http/allowed-methods.ts';
import { handleErrors, problemLog, refuseMalformedHttp, sendNotFound, sendProblem } from './http/error-handling.ts';
import { observe } from './http/observation.ts';
import { describeApi } from './http/openapi.ts';
import { servePages } from './http/pages.ts';
import { refuseChangesOfMoved } from './http/read-only.ts';
import { readStrictly } from './http/reading.ts';
import { keepFromCaches, readHeads } from './http/request-head.ts';
import { secure } from './http/security.ts';
import { compileSerializersLate } from './http/serialization.ts';
import { guardSockets, socketBounds } from './http/sockets.ts';
import { throttleGroups } from './http/throttle.ts';
import { UserWorkUnderWay } from './http/user-work-under-way.ts';
import { compileValidator } from './http/validation.ts';
import { passWebSockets } from './http/web-sockets.ts';
import { Passwords } from './passwords/passwords.ts';
import { AddressCodes } from './people/address-codes.ts';
import { LogIns } from './people/log-ins.ts';
import { RelationNotices } from './people/relation-notices.ts';
import { SessionEnder } from './people/session-ender.ts';
import { UserEvents } from './people/user-events.ts';
import { addRoutes } from './routes/index.ts';
import { ServerMessages } from './server/server-messages.ts';
import { DEFAULT_API_SETTINGS } from './settings.ts';

export type { ApiEngines, ApiOptions, ApiTokens, WebSocketHandler } from './context.ts';

/**
 * The HTTP API on the given ports, ready to `listen` or for `inject`. Disposing it (or `close`) takes no new requests
 * and finishes running ones (C14); the ports stay the caller's.
 *
 * The way of a request: its head → security headers and CORS → URL check → token → body → schema → route → response
 * schema. An error at any step goes to the one mapper (http/errors.ts).
 */
export async function createApi(options: ApiOptions): Promise<ApiServer> {
  const context = contextOf(options);
  const { settings } = context;
  const log = problemLog(context);
  const app: ApiServer = Fastify({
    logger: false,
    bodyLimit: settings.maxBodyBytes,
    handlerTimeout: settings.handlerTimeoutMs,
    ...socketBounds(settings, options.webSockets),
    return503OnClosing: false,
    forceCloseConnections: 'idle',
    // The two user ids of a conversation id, percent-encoded.
    routerOptions: { maxParamLength: 400 },
    schemaController: { compilersFactory: { buildSerializer: compileSerializersLate } },
    frameworkErrors: (error: Error, request: FastifyRequest, reply: FastifyReply) =>
      void sendProblem(log, error, request, reply),
    clientErrorHandler: refuseMalformedHttp,
  }).withTypeProvider<TypeBoxTypeProvider>();
  try {
    await equip(app, { context, options, log });
    return app;
  } catch (error) {
    // Ends what its parts have begun, so that the process can end.
    await app.close();
    throw error;
  }
}

interface Equipment {
  context: ApiContext;
  options: ApiOptions;
  log: ReturnType<typeof problemLog>;
}

async function equip(app: ApiServer, { context, options, log }: Equipment): Promise<void> {
  const { settings } = context;
  guardSockets(app, context);
  if (options.webSockets !== undefined) passWebSockets(app, options.webSockets);
  app.setValidatorCompiler(compileValidator);
  handleErrors(app, log);
  observe(app, context);
  keepFromCaches(app);
  readHeads(app, settings);
  await secure(app, settings, options.blobs);
  readStrictly(app);
  refuseChangesOfMoved(app, context);
  const refuseOtherMethods = noteMethods(app);
  await describeApi(app);
  await addRoutes(app, context);
  refuseOtherMethods();
  if (options.webRoot === undefined) app.setNotFoundHandler((request, reply) => sendNotFound(log, request, reply));
  else await servePages(app, log, options.webRoot);
  const sweeper = new BlobSweeper({ ...context, lists: blobLists(context) });
  context.metrics.gauge('blobs_stuck', 'Blobs that could not be deleted so far', () => sweeper.stuck);
  sweeper.start();
  app.addHook('onClose', () => sweeper[Symbol.asyncDispose]());
  await app.ready();
}

function blobLists({ momentPictures, attachments }: ApiContext): BlobList[] {
  const unposted = (now: number) => now - MOMENT_LIMITS.unpostedPictureMs;
  const pictures: BlobList = {
    due: (now, limit) => momentPictures.due(unposted(now), limit),
    strike: (keys) => momentPictures.strike(keys),
  };
  const files: BlobList = {
    due: (now, limit) => attachments.due(now, limit),
    keysOf: attachmentKeys,
    strike: (ids) => attachments.strike(ids),
  };
  return [pictures, files];
}

function contextOf(options: ApiOptions): ApiContext {
  const { runtime, engines, tokens, peers, sends, blobs, mediaFiles, scanner } = options;
  const { degraded, codeSecret, webSockets, otherMetrics } = options;
  const settings = { ...DEFAULT_API_SETTINGS, ...options.settings };
  const { limits, clock, random, logger } = runtime;
  const { conversations, logs, messages, offlineCache: cache, nodes: registry } = engines;
  const { presence, groupNodes, devices, revocations, logins, auditLog } = engines;
  const directory = new NodeDirectory({ registry, clock });
  const router = new DeliveryRouter({ presence, groupNodes, directory, peers, logger });
  const access = new ConversationAccess(engines.groups);
  const notices = new MembershipNotices({ ...engines, directory, peers, clock });
  const sessionEnder = new SessionEnder({ devices, revocations, presence, router, clock, logger });
  const attachmentMetrics = createAttachmentMetrics(runtime.metrics);
  return {
    ...runtime,
    ...engines,
    ...tokens,
    peers,
    blobs,
    mediaFiles,
    ...defined({ scanner, degraded, webSockets, otherMetrics }),
    settings,
    inbox: new LogReader({
      logs,
      conversations,
      states: engines.conversationStates,
      reactions: engines.reactions,
      messages,
      cache,
      maxPageBytes: limits.maxSyncPageBytes,
      logger,
    }),
    directory,
    notices,
    publisher: new EventPublisher({ ...runtime, ...engines }),
    router,
    access,
    groupChanges: new GroupChanges({
      ...runtime,
      ...engines,
      access,
      notices,
      throttle: (by) => throttleGroups({ ...engines, logger, settings }, by),
    }),
    momentIds: new HybridClock({ now: () => clock.now(), tag: randomInt(2 ** 32) }),
    passwords: new Passwords(settings, clock),
    addressCodes: new AddressCodes(codeSecret, clock),
    cutOffs: new SessionCutOffs({ revocations, clock, logger }),
    sessionEnder,
    userEvents: new UserEvents({
      wanted: new WantedEvents({ ...engines, clock, logger }),
      publisher: new EventPublisher({ ...runtime, ...engines }),
      ...{ clock, logger },
    }),
    relationNotices: new RelationNotices({ nodes: registry, peers, clock, logger }),
    serverMessages: new ServerMessages({ ...engines, directory, sends, logger }),
    logIns: new LogIns({ logins, sessionEnder, clock, logger, graceMs: settings.refreshGraceMs }),
    attachmentMetrics,
    checks: new ChecksUnderWay({ ...runtime, settings, attachmentMetrics }),
    fileLinks: new FileLinks(codeSecret, clock, settings.fileLinkMs),
    downloads: new UserWorkUnderWay(settings.maxDownloadsPerUser, 'files of yours are being downloaded'),
    auditTrail: new AuditTrail({
      auditLog,
      clock,
      logger,
      random,
      retentionMs: settings.auditRetentionMs,
    }),
  };
}
