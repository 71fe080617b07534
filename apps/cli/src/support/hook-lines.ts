import { endpointState } from '@chasqui/core';
import { defined, type WebhookDeadLetter, type WebhookEndpoint, type WebhookProgress } from '@chasqui/domain';
import type { WebhookLease } from '@chasqui/ports';

export interface FoundEndpoint {
  endpoint: WebhookEndpoint;
  lease: WebhookLease;
  progress: WebhookProgress | null;
  /** The head of the log of server events. */
  head: number;
  /** How many there are, at most those of one page. */
  deadLetters: number;
}

/** An endpoint and how it is served, without its secrets. */
export function endpointLines(found: FoundEndpoint, json: boolean): string[] {
  const { endpoint, lease, progress, head, deadLetters } = found;
  const { secrets, ...rest } = endpoint;
  const served = endpointState(progress, head);
  const { waiting, blockedKeys, lost, servedAt, failingSince, error } = served;
  if (json) {
    return [JSON.stringify({ ...rest, secrets: secrets.length, ...served, deadLetters, owner: lease.owner })];
  }
  const types = endpoint.types.length === 0 ? 'all events' : endpoint.types.join(', ');
  const off = endpoint.disabled;
  const state = off !== null ? `disabled (${off.why}) since ${timeOf(off.at)}` : stateOf(failingSince, error);
  const counts = Object.entries(
    defined({ waiting, 'blocked keys': blockedKeys, 'dead letters': deadLetters, lost }),
  ).flatMap(([name, count]) => (count === 0 ? [] : [`${name}: ${count}`]));
  return [
    `${endpoint.endpointId}  ${endpoint.url}`,
    `    ${types}; ${state}${servedAt === null ? '' : `; last served ${timeOf(servedAt)}`}`,
    ...(counts.length === 0 ? [] : [`    ${counts.join(', ')}`]),
  ];
}

export function letterLine(letter: WebhookDeadLetter, json: boolean): string {
  if (json) return JSON.stringify(letter);
  const { position, event, error, at } = letter;
  return `${position}  ${event.id}  ${event.type} of ${event.key}: ${error} (${timeOf(at)})`;
}

function stateOf(failingSince: number | null, error: string): string {
  return failingSince === null ? 'enabled' : `failing since ${timeOf(failingSince)}: ${error}`;
}

function timeOf(at: number): string {
  return new Date(at).toISOString();
}
