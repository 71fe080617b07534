/** The role of a span in an exchange. */
export type SpanKind = 'server' | 'producer' | 'consumer';

export type SpanAttributes = { readonly [name: string]: string | number };

export interface SpanOptions {
  /** The parent's W3C `traceparent`. Absent: a new trace begins. */
  parent?: string | undefined;
  /** Ids and numbers, never bodies. */
  attributes?: SpanAttributes;
  /** Unix ms of the beginning. Default: now. */
  at?: number;
}

/** A timed piece of work in a trace. */
export interface Span {
  /** The parent of the spans that follow from this one. */
  readonly traceparent: string;
  /** `error`: given if the work failed. */
  end(error?: unknown): void;
}

/**
 * Records an app's spans. Absent if tracing is off, so that no spans are made. Parents are passed explicitly, in
 * events, deliveries and frames, because batched items have no common context to inherit.
 */
export interface Tracing {
  /** Null: this trace is not recorded. */
  begin(name: string, kind: SpanKind, options?: SpanOptions): Span | null;
}

/** The spans of a batch's items, each in its own trace. */
export class BatchSpans {
  readonly #spans: readonly (Span | null)[];

  constructor(spans: readonly (Span | null)[]) {
    this.#spans = spans;
  }

  /** The `traceparent` of the `index`-th item's span. */
  traceparent(index: number): string | undefined {
    return this.#spans[index]?.traceparent;
  }

  end(error?: unknown): void {
    for (const span of this.#spans) span?.end(error);
  }
}

/** Runs the work with a span for each item that belongs to a trace. Null: no item does, or tracing is off. */
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
