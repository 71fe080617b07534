import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';
import type {
  AuditTrail,
  ConversationAccess,
  DeliveryRouter,
  EventPublisher,
  LogReader,
  MembershipNotices,
  NodeDirectory,
  SessionCutOffs,
} from '@chasqui/core';
import type { HybridClock } from '@chasqui/domain';
import type { Metrics, Runtime } from '@chasqui/kit';
import type {
  BlobStore,
  Engines,
  FileScanner,
  MediaFiles,
  PeerLink,
  SendLink,
  TokenIssuer,
  TokenVerifier,
} from '@chasqui/ports';
import type { TypeBoxTypeProvider } from '@fastify/type-provider-typebox';
import type { FastifyBaseLogger, FastifyInstance, RawServerDefault } from 'fastify';
import type { AttachmentMetrics } from './attachments/attachment-metrics.ts';
import type { ChecksUnderWay } from './attachments/checks-under-way.ts';
import type { FileLinks } from './attachments/file-links.ts';
import type { GroupChanges } from './groups/group-changes.ts';
import type { UserWorkUnderWay } from './http/user-work-under-way.ts';
import type { Passwords } from './passwords/passwords.ts';
import type { AddressCodes } from './people/address-codes.ts';
import type { LogIns } from './people/log-ins.ts';
import type { RelationNotices } from './people/relation-notices.ts';
import type { SessionEnder } from './people/session-ender.ts';
import type { UserEvents } from './people/user-events.ts';
import type { ServerMessages } from './server/server-messages.ts';
import type { ApiSettings } from './settings.ts';

/** The engines that the API uses. */
export type ApiEngines = Omit<Engines, 'dedupHints' | 'movable'> & {
  /** Absent: the store is never moved. */
  movable?: Pick<Engines['movable'], 'note'>;
};

/** Checks and issues the tokens of users. */
export interface ApiTokens {
  verifier: TokenVerifier;
  /** Absent: the host application issues the tokens, and register, login and refresh are refused. */
  issuer?: TokenIssuer;
}

/** The Connect nodes of this process, which take the WebSockets on the API's port. */
export interface WebSocketHandler {
  /** Whether clients should reach this node through the API's port. */
  has(nodeId: string): boolean;
  /** Answers an upgrade request to `WEBSOCKET_PATH`; the socket is the taker's from then on. */
  upgrade(request: IncomingMessage, stream: Duplex, head: Buffer): void;
}

/** The parts of the API: ports only, no engine. The caller owns and disposes them. */
export interface ApiOptions {
  runtime: Runtime;
  engines: ApiEngines;
  /** Delivers to the Connect nodes that hold the sockets. */
  peers: PeerLink;
  /** Hands messages of the server API to Connect nodes. */
  sends: SendLink;
  /** Holds the pictures, and the files of messages. */
  blobs: BlobStore;
  /** Where pictures, videos and sounds are looked at. */
  mediaFiles: MediaFiles;
  /** Scans files of messages. Absent: they are not scanned. */
  scanner?: FileScanner;
  tokens: ApiTokens;
  /** Signs the codes that confirm e-mail addresses, and links to files: the same in every API process. */
  codeSecret: string;
  /** Descriptions of faults beside the engines, for `/readyz`. Absent: none are known. */
  degraded?: () => string[];
  /** Metrics of the other apps of the process, exposed with the API's own. */
  otherMetrics?: readonly Pick<Metrics, 'expose'>[];
  /** The folder of the built page; absent: only the API is served. */
  webRoot?: string;
  /** Absent: there are no WebSockets on this port. */
  webSockets?: WebSocketHandler;
  settings?: Partial<ApiSettings>;
}

/** What routes use: the ports and the parts built from them. */
export interface ApiContext
  extends Runtime,
    ApiEngines,
    ApiTokens,
    Pick<ApiOptions, 'peers' | 'blobs' | 'mediaFiles' | 'scanner' | 'degraded' | 'webSockets' | 'otherMetrics'> {
  settings: ApiSettings;
  inbox: LogReader;
  directory: NodeDirectory;
  access: ConversationAccess;
  groupChanges: Pick<GroupChanges, 'apply'>;
  notices: Pick<MembershipNotices, 'tell'>;
  publisher: Pick<EventPublisher, 'publish'>;
  router: Pick<DeliveryRouter, 'route'>;
  /** Issues the ids of moments and comments. */
  momentIds: HybridClock;
  passwords: Passwords;
  addressCodes: AddressCodes;
  cutOffs: SessionCutOffs;
  sessionEnder: SessionEnder;
  relationNotices: Pick<RelationNotices, 'changed'>;
  userEvents: Pick<UserEvents, 'stored' | 'access' | 'erased'>;
  logIns: LogIns;
  serverMessages: Pick<ServerMessages, 'send'>;
  auditTrail: AuditTrail;
  attachmentMetrics: AttachmentMetrics;
  /** Checks of uploads. */
  checks: ChecksUnderWay;
  fileLinks: FileLinks;
  /** Files of messages that are being sent to their readers. */
  downloads: UserWorkUnderWay;
}

export type ApiServer = FastifyInstance<
  RawServerDefault,
  IncomingMessage,
  ServerResponse,
  FastifyBaseLogger,
  TypeBoxTypeProvider
>;
