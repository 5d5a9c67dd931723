import { expect, test } from 'vitest';
import { responses } from './events';

function stream(...chunks: string[]): ReadableStream<Uint8Array> {
  const encoder = new TextEncoder();
  return new ReadableStream({
    start(controller) {
      for (const chunk of chunks) controller.enqueue(encoder.encode(chunk));
      controller.close();
    },
  });
}

async function all(...chunks: string[]): Promise<unknown[]> {
  const found = [];
  for await (const response of responses(stream(...chunks))) found.push(response);
  return found;
}

test('responses are read until the stream is complete', async () => {
  expect(await all(':\n\n', 'event: next\ndata: {"data":1}\n\nevent: next\ndata: {"data":2}\n\n', 'event: complete\n\n', 'event: next\ndata: 3\n\n'))
    .toEqual([{ data: 1 }, { data: 2 }]);
});

test('events may be cut anywhere', async () => {
  const text = ':\n\nevent: next\ndata: {"data":"é"}\n\nevent: complete\n\n';
  expect(await all(...text.split(''))).toEqual([{ data: 'é' }]);
});

test('lines may end as on any system, and data may have several', async () => {
  expect(await all('event: next\r\ndata: {"data":\r\ndata: 1}\r\n\r\n')).toEqual([{ data: 1 }]);
});

test('pings and other events are passed over', async () => {
  expect(await all(': ping\n\nevent: other\ndata: 1\n\nid: 1\nevent: next\ndata:{"data":1}\n\n')).toEqual([{ data: 1 }]);
});
