import { ImError } from '@chasqui/domain';
import Type from 'typebox';
import type { ApiContext, ApiServer } from '../../context.ts';
import { API_KEY, BODY_PROBLEMS, problems, SERVER_PROBLEMS } from '../../http/schemas.ts';
import { compileValidator } from '../../http/validation.ts';
import { importLines } from '../../imports/importer.ts';
import { FaultField } from '../../server/fields.ts';

const TYPE = 'application/x-ndjson';
/** Of one call; a file is sent in several. */
const MAX_IMPORT_BYTES = 8 * 1024 * 1024;
/** Calls of one process that run side by side. More: `overloaded`. */
const MAX_IMPORTS = 2;

const EXAMPLE = [
  { type: 'user', userId: 'ana', displayName: 'Ana' },
  { type: 'message', from: 'ana', to: 'ben', clientMessageId: 'old-1', sentAt: 1577836800000, content: { text: 'Hi' } },
];
const LINES = {
  schema: Type.Unsafe<string>({ type: 'string' }),
  example: EXAMPLE.map((line) => `${JSON.stringify(line)}\n`).join(''),
};

/** In a scope of its own: only there is a body lines of JSON. */
export function imports(app: ApiServer, context: ApiContext): void {
  const { auditTrail, settings } = context;
  let running = 0;
  app.removeAllContentTypeParsers();
  app.addContentTypeParser(TYPE, { parseAs: 'buffer' }, async (_: unknown, body: Buffer) => body);
  app.post(
    '/api/server/imports',
    {
      bodyLimit: MAX_IMPORT_BYTES,
      handlerTimeout: settings.pictureTimeoutMs,
      config: { scope: 'imports:write', takesPictures: true },
      schema: {
        operationId: 'serverImport',
        tags: ['server-api'],
        summary: 'Import users, groups and history, with their own times and ids',
        description:
          'JSON Lines; docs/server-api.md has their types. Nobody is notified, and no webhook is told. May be repeated: what is there stays as it is. After an error of the engines, send the same lines again.',
        security: API_KEY,
        querystring: Type.Object(
          {
            from: Type.Optional(
              Type.Integer({
                minimum: 1,
                maximum: Number.MAX_SAFE_INTEGER,
                default: 1,
                description: 'The number of the first line in its file.',
              }),
            ),
            stopAtError: Type.Optional(
              Type.Unsafe<'true' | 'false'>(
                Type.String({
                  enum: ['true', 'false'],
                  default: 'false',
                  description: 'Whether to stop at the first line that is wrong.',
                }),
              ),
            ),
          },
          { additionalProperties: false },
        ),
        body: { content: { [TYPE]: LINES } },
        response: {
          200: Type.Object(
            {
              next: Type.Integer({
                minimum: 1,
                description: 'The number of the line to go on with; sooner than the last one if too many are wrong.',
              }),
              imported: Type.Integer({ minimum: 0, description: 'Lines that changed something.' }),
              repeated: Type.Integer({ minimum: 0, description: 'Lines that had been imported before.' }),
              errors: Type.Array(
                Type.Object(
                  { line: Type.Integer({ minimum: 1 }), ...FaultField.properties },
                  { description: 'A line that is not imported, and why.' },
                ),
              ),
            },
            { description: 'What became of the lines.' },
          ),
          ...problems(...SERVER_PROBLEMS, ...BODY_PROBLEMS),
        },
      },
      // The lines are checked one by one.
      validatorCompiler: (part) => (part.httpPart === 'body' ? () => true : compileValidator(part)),
    },
    async ({ apiKey: { keyId }, query: { from = 1, stopAtError = 'false' }, body }) => {
      if (running >= MAX_IMPORTS) {
        throw new ImError('overloaded', 'other imports are running here', { retryAfterMs: 1_000 });
      }
      running++;
      const act = { actor: `key:${keyId}`, action: 'import_data', target: '', detail: `from line ${from}` } as const;
      try {
        const text = Buffer.isBuffer(body) ? body : new Uint8Array();
        return await auditTrail.record(act, () =>
          importLines(context, text, { from, stopAtError: stopAtError === 'true' }),
        );
      } finally {
        running--;
      }
    },
  );
}
