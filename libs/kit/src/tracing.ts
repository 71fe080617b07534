/** What part of an exchange a span is. */
export type SpanKind = 'server' | 'producer' | 'consumer';

export type SpanAttributes = { readonly [name: string]: string | number };

export interface SpanOptions {
  /** The W3C `traceparent` of what it belongs to. Absent: a trace begins. */
  parent?: string | undefined;
  /** Ids and figures, never bodies. */
  attributes?: SpanAttributes;
  /** Unix ms at which it began. Default: now. */
  at?: number;
}

/** A piece of work that is timed for a trace. */
export interface Span {
  /** What follows from it names this as its parent. */
  readonly traceparent: string;
  /** With an error where it failed. */
  end(error?: unknown): void;
}

/**
 * Where an app's spans go. Absent where tracing is off, so that nothing is made then. Parents are handed on by hand, in
 * events, deliveries and frames: what travels in batches has no context of its own to follow.
 */
export interface Tracing {
  /** Null: this trace is not recorded. */
  begin(name: string, kind: SpanKind, options?: SpanOptions): Span | null;
}

/** The spans of a batch's items, each in the trace of its own. */
export class BatchSpans {
  readonly #spans: readonly (Span | null)[];

  constructor(spans: readonly (Span | null)[]) {
    this.#spans = spans;
  }

  /** Of the `index`-th item's span. */
  traceparent(index: number): string | undefined {
    return this.#spans[index]?.traceparent;
  }

  end(error?: unknown): void {
    for (const span of this.#spans) span?.end(error);
  }
}

/** Does the work with a span for each item that belongs to a trace. Null: none does, or tracing is off. */
export async function spanEach<Item, Result>(
  tracing: Tracing | undefined,
  name: string,
  items: readonly Item[],
  parentOf: (item: Item) => string | undefined,
  work: (spans: BatchSpans | null) => Promise<Result>,
): Promise<Result> {
  if (tracing === undefined || items.every((item) => parentOf(item) === undefined)) return work(null);
  const attributes = { 'messaging.batch.message_count': items.length };
  const spans = new BatchSpans(
    items.map((item) => {
      const parent = parentOf(item);
      return parent === undefined ? null : tracing.begin(name, 'consumer', { parent, attributes });
    }),
  );
  try {
    const result = await work(spans);
    spans.end();
    return result;
  } catch (error) {
    spans.end(error);
    throw error;
  }
}
