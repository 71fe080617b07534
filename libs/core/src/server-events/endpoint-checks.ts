import { ImError, outboundUrlOf, SERVER_EVENT_TYPES, type ServerEventType } from '@chasqui/domain';
import { isPrivateHost } from '@chasqui/kit';

export const MAX_ENDPOINT_URL = 2_000;
export const MAX_ENDPOINT_DESCRIPTION = 200;

export interface WebhookRule {
  /** Endpoints may have URLs without TLS. */
  allowHttp: boolean;
  /** Endpoints may be at addresses that do not belong to the public internet. */
  allowPrivate: boolean;
}

const ALSO_PRIVATE = 'CHASQUI_HOOKS_PRIVATE=on allows private addresses (set for server and command)';

/** Names are looked up when they are called; what is refused here would be refused then. */
export function checkedUrl(text: string, { allowHttp, allowPrivate }: WebhookRule): string {
  const url = text.length <= MAX_ENDPOINT_URL ? outboundUrlOf(text, allowHttp) : undefined;
  if (url === undefined) {
    const schemes = allowHttp ? 'an https: or http: URL' : 'an https: URL';
    const hint = allowHttp ? '' : `. CHASQUI_HOOKS_HTTP=on allows http: too, ${ALSO_PRIVATE}`;
    throw invalidUrl(`must be ${schemes} without user and fragment, of at most ${MAX_ENDPOINT_URL} characters${hint}`);
  }
  if (allowPrivate || !isPrivateHost(url.hostname)) return url.href;
  throw invalidUrl(`is not on the public internet: ${ALSO_PRIVATE}`);
}

function invalidUrl(reason: string): ImError {
  return new ImError('content_invalid', `url ${reason}`, { field: 'url' });
}

export function checkedTypes(types: readonly string[]): ServerEventType[] {
  return [...new Set(types)].map((type, index) => {
    const known = SERVER_EVENT_TYPES.find((one) => one === type);
    if (known !== undefined) return known;
    throw new ImError('content_invalid', `types must be some of ${SERVER_EVENT_TYPES.join(', ')}`, {
      field: `types[${index}]`,
    });
  });
}

export function checkedDescription(text: string): string {
  if (text.length <= MAX_ENDPOINT_DESCRIPTION) return text;
  throw new ImError('content_invalid', `description has more than ${MAX_ENDPOINT_DESCRIPTION} characters`, {
    field: 'description',
  });
}
