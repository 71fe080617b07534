/** Tells every other tab, in order. */
export interface TabChannel {
  post(message: unknown): void;
  close(): void;
}

/** Opens the channel of this name. `received`: called with what other tabs post. */
export type OpenChannel = (name: string, received: (message: unknown) => void) => TabChannel;

export const broadcastChannel: OpenChannel = (name, received) => {
  const channel = new BroadcastChannel(name);
  channel.onmessage = ({ data }) => received(data);
  return { post: (message) => channel.postMessage(message), close: () => channel.close() };
};
