import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';

/** What a member of a group has of it, and what the server counts. */
export interface Seen {
  texts: string[];
  /** `ann joined bob`: who did what to whom. */
  notices: string[];
  role: string | null;
  unread: number;
  mentions: number;
}

/** A person whose client is `group_member.py`. */
export class PythonMember implements AsyncDisposable {
  readonly #process: ChildProcessWithoutNullStreams;
  readonly #lines: AsyncIterator<string>;
  #errors = '';

  constructor(node: string, api: string, user: string) {
    const script = join(import.meta.dirname, 'group_member.py');
    this.#process = spawn('python3', ['-B', script, node, api, user]);
    this.#process.stderr.on('data', (text) => {
      this.#errors = `${this.#errors}${text}`.slice(-4_000);
    });
    this.#lines = createInterface({ input: this.#process.stdout })[Symbol.asyncIterator]();
  }

  /** One command at a time; the script says which there are. Errors: what the script wrote when it failed. */
  async do<T = string>(...command: (string | string[])[]): Promise<T> {
    this.#process.stdin.write(`${JSON.stringify(command)}\n`);
    const { value, done } = await this.#lines.next();
    if (done) throw new Error(`${command.join(' ')} failed: ${this.#errors}`);
    return JSON.parse(value);
  }

  see(group: string): Promise<Seen> {
    return this.do('see', group);
  }

  async [Symbol.asyncDispose](): Promise<void> {
    if (this.#process.exitCode !== null) return;
    const closed = once(this.#process, 'close');
    this.#process.kill();
    await closed;
  }
}
