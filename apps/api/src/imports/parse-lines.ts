import { ImError } from '@chasqui/domain';
import { readJson, schemaCheck } from '@chasqui/protocol';
import { IMPORT_LINES, type ImportLine, type LineType } from './import-lines.ts';

const checks = Object.fromEntries(
  Object.entries(IMPORT_LINES).map(([type, schema]) => [type, schemaCheck(schema)]),
) as { [T in LineType]: ReturnType<typeof schemaCheck> };

/** Errors: `invalid_json`; `invalid_request` with the field. */
export function parseImportLine(bytes: Uint8Array): ImportLine {
  const value = readJson(bytes, 'invalid_request', 'the line');
  const { type } = (typeof value === 'object' && value !== null ? value : {}) as { type?: unknown };
  if (typeof type !== 'string' || !Object.hasOwn(checks, type)) {
    const types = Object.keys(checks).join(', ');
    throw new ImError('invalid_request', `type must be one of ${types}`, { field: 'type' });
  }
  const fault = checks[type as LineType](value);
  if (fault === null) return value as ImportLine;
  throw new ImError('invalid_request', `${fault.field || 'the line'} ${fault.message}`, { field: fault.field });
}

const NEW_LINE = 0x0a;

/** The lines of a text, without their ends. What follows the last end is a line only if it has bytes. */
export function* linesOf(text: Uint8Array): Generator<Uint8Array> {
  for (let start = 0; start < text.length; ) {
    const end = text.indexOf(NEW_LINE, start);
    yield text.subarray(start, end === -1 ? text.length : end);
    if (end === -1) return;
    start = end + 1;
  }
}
