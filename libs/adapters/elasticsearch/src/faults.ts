import { ImError } from '@chasqui/domain';
import { errors } from '@elastic/elasticsearch';

/**
 * The meaning of a failed call or bulk item. `away`: no answer, too busy, or temporarily blocked; it passes by itself.
 * `missing`: no such index or alias. `denied`: credentials or rights. `refused`: the request itself is at fault.
 */
export type FaultKind = 'away' | 'missing' | 'denied' | 'refused';

/** The body of an error response, and the `error` of a bulk item. */
export interface ErrorBody {
  type?: string;
  reason?: string;
}

export function kindOfStatus(status: number, type = ''): FaultKind {
  if (status === 429 || status >= 500) return 'away';
  // The index is read-only, because of a full disk or an operator.
  if (type === 'cluster_block_exception') return 'away';
  if (status === 401 || status === 403) return 'denied';
  return status === 404 ? 'missing' : 'refused';
}

/**
 * `search_unavailable` with the engine's explanation. Text and cause never contain the request, as requests contain
 * messages.
 */
export function unavailable(kind: FaultKind, text: string): ImError {
  return new ImError('search_unavailable', `Elasticsearch: ${text}`, { kind });
}

/** The kind of an error that `unavailable` made. */
export function kindOf(error: unknown): FaultKind | undefined {
  return error instanceof ImError ? (error.details.kind as FaultKind | undefined) : undefined;
}

/** Converts the driver's error with `unavailable`. */
export function faultOf(error: unknown): ImError {
  if (error instanceof errors.ResponseError) {
    const { type, reason } = errorBodyOf(error.body);
    return unavailable(kindOfStatus(error.statusCode ?? 0, type), textOf(type ?? `status ${error.statusCode}`, reason));
  }
  if (error instanceof errors.ProductNotSupportedError)
    return unavailable('refused', 'the server is not Elasticsearch');
  return unavailable('away', error instanceof Error ? textOf(error.name, error.message) : String(error));
}

export function textOf(type = 'unknown', reason?: string): string {
  return reason === undefined || reason === '' ? type : `${type}: ${reason}`;
}

function errorBodyOf(body: unknown): ErrorBody {
  const { error } = (typeof body === 'object' && body !== null ? body : {}) as { error?: unknown };
  if (typeof error === 'string') return { reason: error };
  return typeof error === 'object' && error !== null ? (error as ErrorBody) : {};
}
