import type { Socket } from 'node:net';
import { ImError } from '@chasqui/domain';
import type { FastifyReply, FastifyRequest } from 'fastify';
import type { ApiContext, ApiServer } from '../context.ts';
import { httpProblem } from './errors.ts';

type Logger = ApiContext['logger'];

/** Answers an error in the one format, and logs it if it is the server's fault. */
export function sendProblem(
  logger: Logger,
  error: unknown,
  request: FastifyRequest,
  reply: FastifyReply,
): FastifyReply {
  const { status, body, ours } = httpProblem(error, typesOf(request));
  if (ours) logger.error({ err: error, method: request.method, route: request.routeOptions.url }, 'a request failed');
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

export function handleErrors(app: ApiServer, logger: Logger): void {
  app.setErrorHandler((error, request, reply) => sendProblem(logger, error, request, reply));
}

/** Answers a request that matches no route. */
export function sendNotFound(logger: Logger, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  return sendProblem(logger, new ImError('not_found', `there is no ${request.method} here`), request, reply);
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
