import { type BlobsConfig, readBlobsConfig } from '@chasqui/blobs/config';
import { BLOCKED_SENDER_POLICIES, defined, isUserId } from '@chasqui/domain';
import { type EnginesConfig, readEnginesConfig } from '@chasqui/engines/config';
import {
  type CommonConfig,
  ConfigReader,
  type Environment,
  readCommonConfig,
  readEdgeConfig,
  readPushEndpointRule,
  readWebhookRule,
} from '@chasqui/kit';
import { readScannerConfig, type ScannerConfig } from '@chasqui/media/config';
import type { ApiSettings } from './settings.ts';

export interface ApiConfig extends CommonConfig {
  engines: EnginesConfig;
  blobs: BlobsConfig;
  /** Absent: files of messages are not scanned. */
  scanner?: ScannerConfig;
  /** Port of the API. 0: a free one. */
  port: number;
  /** The folder of the built page. Default: only the API is served. */
  webRoot?: string;
  /**
   * Whether users register and log in here; otherwise the host application issues their tokens. Default: here, unless
   * `jwksUrl` names the host application's keys.
   */
  registration?: boolean;
  /** Life of an access token, in seconds. Default: one hour. */
  accessTtlS?: number;
  /** Life of a refresh token, in seconds. Default: 30 days. */
  refreshTtlS?: number;
  settings?: Partial<ApiSettings>;
}

const DAY_S = 24 * 3600;
export const DEFAULT_ACCESS_TTL_S = 3600;
export const DEFAULT_REFRESH_TTL_S = 30 * DAY_S;

/** Errors: `config_invalid`, which lists every fault. */
export function readApiConfig(env: Environment): ApiConfig {
  const reader = new ConfigReader(env);
  const common = readCommonConfig(reader);
  const webRoot = reader.optional('CHASQUI_WEB_ROOT');
  const { origins: corsOrigins, proxies } = readEdgeConfig(reader);
  const perMinute = reader.integer('CHASQUI_AUTH_PER_MINUTE', 300, { min: 1, max: 1_000_000 });
  return reader.finish({
    ...common,
    engines: readEnginesConfig(reader),
    blobs: readBlobsConfig(reader, common.dataDir),
    ...defined({ scanner: readScannerConfig(reader) }),
    port: reader.integer('CHASQUI_PORT', 4400, { min: 0, max: 65_535 }),
    registration: reader.oneOf('CHASQUI_REGISTRATION', ['on', 'off'], common.jwksUrl ? 'off' : 'on') === 'on',
    accessTtlS: reader.integer('CHASQUI_ACCESS_TTL_S', DEFAULT_ACCESS_TTL_S, { min: 10, max: DAY_S }),
    refreshTtlS: reader.integer('CHASQUI_REFRESH_TTL_S', DEFAULT_REFRESH_TTL_S, { min: 60, max: 3650 * DAY_S }),
    ...defined({ webRoot }),
    settings: {
      corsOrigins,
      proxies,
      admins: reader.parsed('CHASQUI_ADMINS', '', parseAdmins),
      auditRetentionMs: reader.integer('CHASQUI_AUDIT_RETENTION_DAYS', 400, { min: 1, max: 3650 }) * DAY_S * 1_000,
      blockedSenders: reader.oneOf('CHASQUI_BLOCKED_SENDERS', BLOCKED_SENDER_POLICIES, 'refuse'),
      email: reader.optional('CHASQUI_PUSH_SMTP_URL') !== undefined,
      pushEndpoints: readPushEndpointRule(reader),
      webhooks: readWebhookRule(reader),
      webPushKey: reader.optional('CHASQUI_PUSH_WEBPUSH_PUBLIC_KEY') ?? null,
      ...readAttachmentBounds(reader),
      fileLinkMs: reader.integer('CHASQUI_FILE_LINK_S', 600, { min: 10, max: 3600 }) * 1_000,
      keepsMetadata: reader.oneOf('CHASQUI_ATTACHMENT_METADATA', ['remove', 'keep'], 'remove') === 'keep',
      isScanOptional: reader.oneOf('CHASQUI_SCAN_FAIL', ['closed', 'open'], 'closed') === 'open',
      authPerAddress: { perSecond: perMinute / 60, burst: Math.max(10, Math.ceil(perMinute / 3)) },
    },
  });
}

const MIB = 1024 * 1024;

/** An hour's bytes are at least those of one file. */
function readAttachmentBounds(reader: ConfigReader) {
  const file = reader.integer('CHASQUI_ATTACHMENT_MAX_MB', 100, { min: 1, max: 10_240 });
  const hour = reader.integer('CHASQUI_ATTACHMENT_MB_PER_HOUR', Math.max(1024, file), { min: file, max: 1_000_000 });
  return { maxAttachmentBytes: file * MIB, attachmentBytesPerHour: hour * MIB };
}

function parseAdmins(text: string): string[] {
  const admins = text === '' ? [] : text.split(',').map((entry) => entry.trim());
  const wrong = admins.findIndex((entry) => !isUserId(entry));
  if (wrong === -1) return admins;
  throw new Error(`must be user ids separated by commas: entry ${wrong + 1} is not a user id`);
}
