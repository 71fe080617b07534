import { ImError } from '@chasqui/domain';

/**
 * What happens at one step of a process. `refused`: the engine does not execute the call. `unheard`: it does, but the
 * answer is lost. `dies-before`, `dies-after`: kill -9 at that point. `freezes-before`, `freezes-after`: the process
 * stops there until it is thawed, long after another process has taken over its work.
 */
export const TROUBLES = ['refused', 'unheard', 'dies-before', 'dies-after', 'freezes-before', 'freezes-after'] as const;
export type Trouble = (typeof TROUBLES)[number];

/** One process; each of its calls to an engine or a peer is a step that can be counted and made to fail. */
export class FaultyProcess {
  /** The calls since `arm`, in order. */
  readonly steps: string[] = [];
  /** Called when it dies or freezes. */
  onSilence: () => void = () => {};
  #armed: { step: number; trouble: Trouble } | null = null;
  #counting = false;
  #fatal: string | null = null;
  #dead = false;
  #thaw: (() => void) | null = null;

  /** Starts counting; step `at.step` (from 0) meets its fault. */
  arm(at: { step: number; trouble: Trouble } | null): void {
    this.#armed = at;
    this.#counting = true;
  }

  /** It dies after its next call of this name. */
  dieAfter(name: string): void {
    this.#fatal = name;
  }

  /** A frozen process resumes where it stopped. */
  thaw(): void {
    this.#thaw?.();
  }

  /** The port as this process sees it. Methods named in `uncounted` are not steps. */
  port<Port extends object>(name: string, port: Port, uncounted: readonly (keyof Port)[] = []): Port {
    return new Proxy(port, {
      get: (target, method) => {
        const value: unknown = Reflect.get(target, method);
        if (typeof value !== 'function') return value;
        const call = value.bind(target) as (...args: unknown[]) => Promise<unknown>;
        if (typeof method === 'symbol' || uncounted.includes(method as keyof Port)) return call;
        return (...args: unknown[]) => this.#step(`${name}.${method}`, () => call(...args));
      },
    });
  }

  async #step(name: string, call: () => Promise<unknown>): Promise<unknown> {
    if (this.#dead) return new Promise(() => {});
    if (name === this.#fatal) {
      await call();
      return this.#die();
    }
    if (!this.#counting) return call();
    const trouble = this.steps.length === this.#armed?.step ? this.#armed.trouble : null;
    this.steps.push(name);
    const lost = new ImError('engine_unavailable', `${name} does not answer`);
    switch (trouble) {
      case null:
        return call();
      case 'refused':
        throw lost;
      case 'unheard':
        await call();
        throw lost;
      case 'dies-before':
        return this.#die();
      case 'dies-after':
        await call();
        return this.#die();
      case 'freezes-before':
        await this.#freeze();
        return call();
      case 'freezes-after': {
        const answer = await call();
        await this.#freeze();
        return answer;
      }
    }
  }

  #die(): Promise<never> {
    this.#dead = true;
    this.onSilence();
    return new Promise(() => {});
  }

  #freeze(): Promise<void> {
    this.onSilence();
    return new Promise((resolve) => {
      this.#thaw = resolve;
    });
  }
}
