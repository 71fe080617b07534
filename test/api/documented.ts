import type { createApi } from '@chasqui/app-api/core';
import type { LightMyRequestResponse } from 'fastify';
import { Compile } from 'typebox/compile';
import { expect } from 'vitest';

type ApiServer = Awaited<ReturnType<typeof createApi>>;

interface Operation {
  responses: { [status: string]: { content?: { [type: string]: { schema: object } } } };
}

interface Document {
  paths: { [path: string]: { [method: string]: Operation } };
  components: { schemas: { [name: string]: object } };
}

const ERROR = { $ref: '#/components/schemas/Error' };

/**
 * Fails unless the OpenAPI document describes the answer: its status for that operation, its content type and its body.
 * A path or method that the document lacks must be answered with a documented error. Two apps with equal `madeOf` (parts
 * and settings) have equal documents.
 */
export function checkAgainstDocument(
  { app, madeOf }: { app: ApiServer; madeOf: string },
  method: string,
  url: string,
  response: LightMyRequestResponse,
): void {
  const { statusCode, payload } = response;
  const what = `${method} ${url} → ${statusCode} ${payload.slice(0, 300)}`;
  expect(statusCode, what).not.toBe(500);
  if (method === 'HEAD' || method === 'OPTIONS' || statusCode === 204 || statusCode === 304) return;
  const document = documentOf(app, madeOf);
  const operation = operationOf(document, method, url);
  const type = String(response.headers['content-type']).split(';')[0] ?? '';
  if (operation === undefined) {
    if (statusCode >= 400) checkBody(ERROR, document, payload, what);
    return;
  }
  const documented = operation.responses[statusCode];
  expect(documented, `not documented: ${what}`).toBeDefined();
  // A redirect has no body.
  if (statusCode === 302) return;
  const { content } = documented ?? {};
  const schema = (content?.[type] ?? content?.['*/*'])?.schema;
  expect(schema, `not documented: ${type} of ${what}`).toBeDefined();
  if (type === 'application/json') checkBody(schema as object, document, payload, what);
}

/** Documents by what they are made of: they take long to make. */
const documents = new Map<string, Document>();

function documentOf(app: ApiServer, madeOf: string): Document {
  const document = documents.get(madeOf) ?? (app.swagger() as unknown as Document);
  documents.set(madeOf, document);
  return document;
}

function operationOf({ paths }: Document, method: string, url: string): Operation | undefined {
  const [path = ''] = url.split('?');
  const templates = Object.keys(paths).sort((a, b) => Number(a.includes('{')) - Number(b.includes('{')));
  const template = templates.find((one) => new RegExp(`^${one.replaceAll(/\{\w+\}/g, '[^/]*')}$`).test(path));
  return template === undefined ? undefined : paths[template]?.[method.toLowerCase()];
}

function checkBody(schema: object, document: Document, payload: string, what: string): void {
  const check = checks.get(schema) ?? Compile(inlined(schema, document) as never);
  checks.set(schema, check);
  const body = JSON.parse(payload);
  if (!check.Check(body)) expect(check.Errors(body), what).toEqual([]);
}

const checks = new WeakMap<object, ReturnType<typeof Compile>>();

/** The schema with its references resolved; they are not recursive. */
function inlined(schema: unknown, document: Document): unknown {
  if (Array.isArray(schema)) return schema.map((part) => inlined(part, document));
  if (typeof schema !== 'object' || schema === null) return schema;
  const { $ref } = schema as { $ref?: string };
  if ($ref !== undefined) return inlined(document.components.schemas[$ref.split('/').at(-1) ?? ''], document);
  return Object.fromEntries(Object.entries(schema).map(([key, part]) => [key, inlined(part, document)]));
}
