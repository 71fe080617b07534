import { ImError } from '@chasqui/domain';
import { schemaCheck } from '@chasqui/protocol';
import type { FastifySchemaCompiler } from 'fastify';
import type { TSchema } from 'typebox';

const wholeNumber = /^-?\d{1,16}$/;

/**
 * Checks the parts of a request against their schemas without changing them: nothing is dropped, filled in or
 * converted, except whole numbers of a query, which are sent as text. The error names the field of the first fault.
 */
export const compileValidator: FastifySchemaCompiler<TSchema> = ({ schema, httpPart }) => {
  const check = schemaCheck(schema);
  const integers = httpPart === 'querystring' ? integerProperties(schema) : [];
  return (input: unknown) => {
    const value = integers.length === 0 ? input : withNumbers(input as { [name: string]: unknown }, integers);
    const fault = check(value);
    if (fault === null) return { value };
    const { field, message } = fault;
    return { error: new ImError('invalid_request', `${field || 'the body'} ${message}`, { field }) };
  };
};

function integerProperties(schema: TSchema): string[] {
  const { properties = {} } = schema as { properties?: { [name: string]: { type?: string } } };
  return Object.keys(properties).filter((name) => properties[name]?.type === 'integer');
}

function withNumbers(query: { [name: string]: unknown }, integers: readonly string[]): object {
  const value = { ...query };
  for (const name of integers) {
    const text = value[name];
    if (typeof text === 'string' && wholeNumber.test(text)) value[name] = Number(text);
  }
  return value;
}
