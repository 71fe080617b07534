import type { ConfigReader } from './config-reader.ts';

/** The allowed URLs of webhook endpoints: the API and the commands accept no others, and Hooks calls no others. */
export function readWebhookRule(reader: ConfigReader): { allowHttp: boolean; allowPrivate: boolean } {
  return {
    allowHttp: reader.oneOf('CHASQUI_HOOKS_HTTP', ['on', 'off'], 'off') === 'on',
    allowPrivate: reader.oneOf('CHASQUI_HOOKS_PRIVATE', ['on', 'off'], 'off') === 'on',
  };
}
