/** Spans on their way to a collector: in batches, without the machine they come from, and without anybody waiting. */
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createTelemetry } from './create-telemetry.js';
import { nothingKnown } from './known-values.js';
import { spansTo } from './traces.js';

interface Batch {
  readonly resourceSpans: readonly {
    readonly resource: { readonly attributes: readonly { readonly key: string; readonly value: object }[] };
    readonly scopeSpans: readonly { readonly spans: readonly { readonly name: string }[] }[];
  }[];
}
const taken: { path: string; batch: Batch }[] = [];
let collector: Server;
let endpoint: string;
beforeEach(async () => {
  taken.length = 0;
  collector = createServer((request, response) => {
    let text = '';
    request.on('data', (part: Buffer) => (text += part.toString()));
    request.on('end', () => {
      taken.push({ path: request.url ?? '', batch: JSON.parse(text) as Batch });
      response.writeHead(200, { 'content-type': 'application/json' }).end('{}');
    });
  });
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve));
  endpoint = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`;
});
afterEach(async () => {
  collector.closeAllConnections();
  await new Promise((resolve) => collector.close(resolve));
});
const following = (to: string) =>
  createTelemetry({ service: 'convenant-uwv', known: nothingKnown, spans: spansTo(to) });

describe('spans for a collector', () => {
  it('go in one batch, at the latest when the service stops, and name the service alone', async () => {
    const { telemetry, stop } = following(`${endpoint}/`);
    await telemetry.span('command', undefined, {}, async () => undefined);
    await telemetry.span('query', undefined, {}, async () => undefined);
    await stop();
    expect(taken.map(({ path }) => path)).toEqual(['/v1/traces']);
    const [found] = taken[0]?.batch.resourceSpans ?? [];
    expect(found?.scopeSpans.flatMap(({ spans }) => spans.map(({ name }) => name))).toEqual(['command', 'query']);
    expect(found?.resource.attributes).toEqual([{ key: 'service.name', value: { stringValue: 'convenant-uwv' } }]);
  });

  it('are let go of when there is no collector, and the work goes on', async () => {
    const nobody = createServer();
    await new Promise<void>((resolve) => nobody.listen(0, '127.0.0.1', resolve));
    const { port } = nobody.address() as AddressInfo;
    await new Promise((resolve) => nobody.close(resolve));
    const { telemetry, stop } = following(`http://127.0.0.1:${port}`);
    expect(await telemetry.span('command', undefined, {}, async () => 'done')).toBe('done');
    await stop();
    expect(taken).toEqual([]);
  });
});
