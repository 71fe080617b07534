import type { ServerEvent, WebhookDeadLetter, WebhookEndpoint } from '@chasqui/domain';
import type { Engines } from '@chasqui/ports';

export const T = 1_767_225_600_000;

/** The ports of server events, which share their positions. */
export type ServerEventPorts = Pick<Engines, 'serverEvents' | 'webhooks'>;

export function eventOf(n: number, text = 'hi', key = 'ann~bob'): ServerEvent<'message.stored'> {
  const messageId = n.toString(16).padStart(24, '0');
  return {
    id: `stored-${messageId}`,
    type: 'message.stored',
    key,
    at: T + n,
    data: {
      messageId,
      conversationId: key,
      from: 'ann',
      clientMessageId: `c-${n}`,
      kind: 'c2c',
      content: { text },
      sentAt: T + n,
    },
  };
}

export function endpointOf(n: number, fields: Partial<WebhookEndpoint> = {}): WebhookEndpoint {
  return {
    endpointId: `we_${n.toString(16).padStart(16, '0')}`,
    url: 'https://example.org/hook?a=好的',
    types: [],
    secrets: [{ secret: 'whsec_AA==', createdAt: T, expiresAt: null }],
    description: 'billing',
    createdAt: T + n,
    disabled: null,
    version: 1,
    ...fields,
  };
}

export function letterOf(position: number, fields: Partial<WebhookDeadLetter> = {}): WebhookDeadLetter {
  return { event: eventOf(position), position, error: 'status 500', at: T + position, ...fields };
}
