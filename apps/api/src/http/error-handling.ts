import type { Socket } from 'node:net';
import { ImError } from '@chasqui/domain';
import { seldom } from '@chasqui/kit';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext, ApiServer } from '../context.ts';
import { type HttpProblem, httpProblem } from './errors.ts';

/** In an outage every request fails: of each code, one in this time is logged. */
const AWAY_LOG_MS = 10_000;

/** Tells the operator what an answer hides. */
export type ProblemLog = (problem: HttpProblem, error: unknown, request: FastifyRequest) => void;

export function problemLog({ clock, logger }: Pick<ApiContext, 'clock' | 'logger'>): ProblemLog {
  const byCode = new Map<string, (facts: object) => void>();
  const newOne = () =>
    seldom(clock, AWAY_LOG_MS, (times, facts: object) => logger.warn({ ...facts, times }, 'an engine failed requests'));
  return ({ body: { error }, ours, away }, err, { method, routeOptions: { url: route } }) => {
    const facts = { err, method, route };
    if (ours) logger.error(facts, 'a request failed');
    if (!away) return;
    const tell = byCode.get(error.code) ?? newOne();
    byCode.set(error.code, tell);
    tell(facts);
  };
}

/** Answers an error in the one format, and logs it if it is the server's fault. */
export function sendProblem(
  log: ProblemLog,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const problem = httpProblem(error, typesOf(request));
  const { status, body } = problem;
  log(problem, error, request);
  const { retryAfterMs } = body.error;
  if (retryAfterMs !== undefined) reply.header('retry-after', Math.ceil(retryAfterMs / 1_000));
  if (status === 401) reply.header('www-authenticate', 'Bearer');
  return reply.code(status).type('application/json; charset=utf-8').send(body);
}

/** The types of bodies that a route takes. */
function typesOf({ routeOptions }: FastifyRequest): string[] {
  const { body } = (routeOptions.schema ?? {}) as { body?: { content?: object } };
  return body?.content === undefined ? ['application/json'] : Object.keys(body.content);
}

export function handleErrors(app: ApiServer, log: ProblemLog): void {
  app.setErrorHandler((error, request, reply) => sendProblem(log, error, request, reply));
}

/** Answers a request that matches no route. */
export function sendNotFound(log: ProblemLog, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(log, new ImError('not_found', `there is no ${request.method} here`), request, reply);
}

/** Answers bytes that are not an HTTP request, in the same format, on the bare socket. */
export function refuseMalformedHttp(error: NodeJS.ErrnoException, socket: Socket): void {
  if (error.code === 'ECONNRESET' || !socket.writable) {
    socket.destroy();
    return;
  }
  const [status, reason] =
    error.code === 'HPE_HEADER_OVERFLOW'
      ? [431, 'Request Header Fields Too Large']
      : error.code === 'ERR_HTTP_REQUEST_TIMEOUT'
        ? [408, 'Request Timeout']
        : [400, 'Bad Request'];
  const body = JSON.stringify(httpProblem(new ImError('invalid_request', 'the HTTP request is malformed')).body);
  socket.end(
    `HTTP/1.1 ${status} ${reason}\r\nContent-Type: application/json; charset=utf-8\r\nContent-Length: ${Buffer.byteLength(body)}\r\nConnection: close\r\n\r\n${body}`,
  );
}
