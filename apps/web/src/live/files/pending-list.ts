import { Store } from '../../store.ts';
import type { PendingFile, PendingMessage } from './pending-message.ts';

/** The user's messages whose files are being uploaded, oldest first, whichever conversation is open. */
export class PendingList extends Store<readonly PendingMessage[]> {
  constructor() {
    super([]);
  }

  add(message: PendingMessage): void {
    if (this.message(message.key) === undefined) this.set([...this.get(), message]);
  }

  remove(key: string): void {
    this.set(this.get().filter((message) => message.key !== key));
  }

  message(key: string): PendingMessage | undefined {
    return this.get().find((message) => message.key === key);
  }

  file(key: string, fileKey: string): PendingFile | undefined {
    return this.message(key)?.files.find((file) => file.key === fileKey);
  }

  /** Nothing changes where the message is gone. */
  change(key: string, changes: Partial<PendingMessage>): void {
    if (this.message(key) === undefined) return;
    this.set(this.get().map((message) => (message.key === key ? { ...message, ...changes } : message)));
  }

  changeFile(key: string, fileKey: string, changes: Partial<PendingFile>): void {
    const files = this.message(key)?.files.map((file) => (file.key === fileKey ? { ...file, ...changes } : file));
    if (files !== undefined) this.change(key, { files });
  }
}
