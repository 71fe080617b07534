type Frame = { type: string; [field: string]: unknown };

/** A device controlled by the test: it sends frames and waits for their answers. It acks nothing automatically. */
export class Device implements Disposable {
  readonly #socket: WebSocket;
  readonly #seen: Frame[] = [];
  #wake = () => {};

  private constructor(socket: WebSocket) {
    this.#socket = socket;
    socket.addEventListener('message', ({ data }) => {
      this.#seen.push(JSON.parse(String(data)) as Frame);
      this.#wake();
    });
  }

  static async connect(url: string, token: string, deviceId: string): Promise<Device> {
    const socket = new WebSocket(url);
    await new Promise((resolve, reject) => {
      socket.addEventListener('open', resolve, { once: true });
      socket.addEventListener('error', reject, { once: true });
    });
    const device = new Device(socket);
    device.send({ type: 'login', token, deviceId, platform: 'test', position: 0 });
    await device.until(({ type, caughtUp }) => type === 'offline_messages' && caughtUp === true);
    return device;
  }

  send(frame: Frame): void {
    this.#socket.send(JSON.stringify(frame));
  }

  /** The first matching frame, among received and future ones. */
  async until(isMeant: (frame: Frame) => boolean): Promise<Frame> {
    for (;;) {
      const found = this.#seen.find(isMeant);
      if (found !== undefined) return found;
      const refused = this.#seen.find(({ type }) => type === 'error');
      if (refused !== undefined) throw new Error(JSON.stringify(refused));
      await new Promise<void>((resolve) => {
        this.#wake = resolve;
      });
    }
  }

  /** Sends a message and waits until it is stored. */
  async chat(to: string, clientMessageId: string, content: object): Promise<string> {
    this.send({ type: 'chat', to, clientMessageId, content });
    const isAck = (frame: Frame) => frame.type === 'server_ack' && frame.clientMessageId === clientMessageId;
    return String((await this.until(isAck)).messageId);
  }

  [Symbol.dispose](): void {
    this.#socket.close();
  }
}
