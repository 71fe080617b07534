import { defined, type ErrorCode, type ImError } from '@chasqui/domain';
import { httpStatusOf } from './http-status.ts';

const OUR_FAULT: { readonly [code in ErrorCode]?: string } = {
  internal: 'something went wrong on our side',
  overloaded: 'too much at once; try again shortly',
  bus_unavailable: 'the queue is away; try again shortly',
  store_unavailable: 'the store is away; try again shortly',
  search_unavailable: 'search is away; try again shortly',
  presence_unavailable: 'presence is away; try again shortly',
  engine_unavailable: 'a part of the server is away; try again shortly',
  deadline_exceeded: 'no answer in time; try again shortly',
  read_only: 'this server is being moved and takes no changes: try again later',
  node_draining: 'this node is stopping: reconnect to another and resend',
  clock_unsound: 'the clocks differ too much; try another node',
};

/**
 * The message of an error as shown to clients. Internal errors are shown by their code only: messages of an engine or a
 * driver may name hosts, tables and files, and belong in the log.
 */
export function publicMessage({ code, message }: Pick<ImError, 'code' | 'message'>): string {
  return httpStatusOf(code) < 500 ? message : (OUR_FAULT[code] ?? 'the server cannot do this now');
}

/** What a client is told of an error, whichever way it is told. */
export function publicFault(error: ImError): {
  code: ErrorCode;
  message: string;
  field?: string;
  retryAfterMs?: number;
} {
  const { field, retryAfterMs } = error.details;
  return { code: error.code, message: publicMessage(error), ...defined({ field, retryAfterMs }) };
}
