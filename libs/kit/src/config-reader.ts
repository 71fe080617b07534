import { ImError } from '@chasqui/domain';

export type Environment = { readonly [name: string]: string | undefined };

/**
 * Typed reads of environment variables that collect all faults and report them together. Secrets are read by `secret`
 * and never repeated in a message.
 */
export class ConfigReader {
  readonly #env: Environment;
  readonly #faults: string[] = [];

  constructor(env: Environment) {
    this.#env = env;
  }

  text(name: string, fallback?: string): string {
    const value = this.#env[name] ?? fallback;
    if (value === undefined || value === '') this.#faults.push(`${name} is required`);
    return value ?? '';
  }

  optional(name: string): string | undefined {
    return this.#env[name] === '' ? undefined : this.#env[name];
  }

  integer(name: string, fallback: number, { min, max }: { min: number; max: number }): number {
    const raw = this.#env[name];
    if (raw === undefined || raw === '') return fallback;
    const value = Number(raw);
    if (!Number.isInteger(value) || value < min || value > max) {
      this.#faults.push(`${name} must be a whole number from ${min} to ${max}, not "${raw}"`);
      return fallback;
    }
    return value;
  }

  oneOf<T extends string>(name: string, values: readonly T[], fallback: T): T {
    const raw = this.#env[name];
    if (raw === undefined || raw === '') return fallback;
    if ((values as readonly string[]).includes(raw)) return raw as T;
    this.#faults.push(`${name} must be one of ${values.join(', ')}, not "${raw}"`);
    return fallback;
  }

  /**
   * The result of `parse`. Its error says what the text must be ("must be a URL …") and does not repeat the text, which
   * may contain a password.
   */
  parsed<T>(name: string, fallback: string, parse: (text: string) => T): T {
    try {
      return parse(this.#env[name] || fallback);
    } catch (error) {
      this.#faults.push(`${name} ${error instanceof Error ? error.message : 'is not usable'}`);
      return parse(fallback);
    }
  }

  secret(name: string, { minLength }: { minLength: number }): string | undefined {
    const value = this.optional(name);
    if (value !== undefined && value.length < minLength) {
      this.#faults.push(`${name} must have at least ${minLength} characters`);
    }
    return value;
  }

  /** The frozen configuration. Errors: `config_invalid`, which lists all faults. */
  finish<T extends object>(config: T): Readonly<T> {
    // Two parts may read the same variable.
    const faults = [...new Set(this.#faults)];
    if (faults.length > 0) {
      throw new ImError('config_invalid', `the configuration is invalid: ${faults.join('; ')}`, { faults });
    }
    return Object.freeze(config);
  }
}
