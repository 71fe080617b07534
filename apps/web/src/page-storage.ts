/** What localStorage did not take: lost with the page. */
const memory = new Map<string, string>();

/** localStorage, or memory where the browser denies it or it is full. The messenger screen tells the user. */
export const pageStorage = {
  get(key: string): string | null {
    try {
      return memory.get(key) ?? localStorage.getItem(key);
    } catch {
      return null;
    }
  },
  set(key: string, value: string): void {
    memory.delete(key);
    try {
      localStorage.setItem(key, value);
    } catch {
      memory.set(key, value);
    }
  },
  remove(key: string): void {
    memory.delete(key);
    try {
      localStorage.removeItem(key);
    } catch {
      // It has nothing where it is denied.
    }
  },
};
