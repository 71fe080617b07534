import { DatabaseSync } from 'node:sqlite';
import { parentPort, workerData } from 'node:worker_threads';
import { isDamage } from '../sqlite/file-faults.ts';

/** Tells what SQLite finds wrong in the file of this address; `ok`: nothing. */
function check(address: string): string {
  const db = new DatabaseSync(new URL(address), { readOnly: true });
  try {
    return String(db.prepare('PRAGMA quick_check(1)').get()?.quick_check);
  } catch (error) {
    if (isDamage(error)) return error.message;
    throw error;
  } finally {
    db.close();
  }
}

parentPort?.postMessage(check(workerData as string));
