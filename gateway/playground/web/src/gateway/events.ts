// Server-sent events, as the protocol "GraphQL over SSE" uses them in its distinct
// connections mode: "next" events with a GraphQL response each, then "complete".

/** Reads the GraphQL responses of an event stream, until it ends. */
export async function* responses(stream: ReadableStream<Uint8Array>): AsyncGenerator<unknown, void> {
  for await (const { event, data } of events(lines(stream))) {
    if (event === 'complete') return;
    if (event === 'next' && data !== '') yield JSON.parse(data);
  }
}

async function* events(source: AsyncIterable<string>): AsyncGenerator<{ event: string; data: string }, void> {
  let event = '';
  let data: string[] = [];
  for await (const line of source) {
    if (line === '') {
      if (event || data.length > 0) yield { event, data: data.join('\n') };
      event = '';
      data = [];
      continue;
    }
    const colon = line.indexOf(':');
    if (colon === 0) continue; // a comment, which keeps the connection alive
    const field = colon < 0 ? line : line.slice(0, colon);
    const value = colon < 0 ? '' : line.slice(colon + 1).replace(/^ /, '');
    if (field === 'event') event = value;
    if (field === 'data') data.push(value);
  }
}

async function* lines(stream: ReadableStream<Uint8Array>): AsyncGenerator<string, void> {
  const reader = stream.getReader();
  const decoder = new TextDecoder();
  let rest = '';
  try {
    for (;;) {
      const { done, value } = await reader.read();
      if (done) return;
      const parts = (rest + decoder.decode(value, { stream: true })).split(/\r\n|\n|\r(?!$)/);
      rest = parts.pop() ?? '';
      yield* parts;
    }
  } finally {
    await reader.cancel().catch(() => undefined); // the connection is gone already
  }
}
