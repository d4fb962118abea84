/** What operators see of a gateway: its figures, its health, and the trace that it begins. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { ExampleWorld, knownClient } from './example/world.js';

const exporter = new InMemorySpanExporter();
let world: ExampleWorld;
beforeAll(async () => {
  world = await ExampleWorld.start({
    observe: { listen: { host: '127.0.0.1', port: 0 }, spans: new SimpleSpanProcessor({ exporter }) },
  });
});
beforeEach(() => {
  world.forget();
  exporter.reset();
});
afterAll(() => world.close());

const see = (path: string): Promise<Response> => fetch(`${world.gateway.observeUrl}${path}`);
const spans = () =>
  exporter.getFinishedSpans().map((span) => ({
    name: span.name,
    attributes: span.attributes,
    parent: span.parentSpanContext?.spanId,
    ...span.spanContext(),
  }));
const question = {
  query: `query ofPerson999990019($id: ID!) { alias999990019: client(id: $id) { name } }`,
  variables: { id: knownClient },
};

describe('the trace of a request', () => {
  it('begins at the gateway, and goes on from its span at the organisation', async () => {
    const { headers } = await world.ask(question);
    expect(spans()).toEqual([
      expect.objectContaining({
        name: 'gateway',
        parent: undefined,
        attributes: {
          'convenant.organisation': 'ggz-amstel',
          'convenant.operation': 'client',
          'convenant.outcome': 'done',
        },
      }),
    ]);
    const [{ traceId = '', spanId = '' } = {}] = spans();
    expect(world.amstel.calls[0]?.headers['traceparent']).toBe(`00-${traceId}-${spanId}-01`);
    expect(headers.get('convenant-trace')).toBe(traceId);
  });

  it('goes on under the caller’s own step, and begins anew when that is not well formed', async () => {
    const [traceId, spanId] = ['4bf92f3577b34da6a3ce929d0e0e4736', '00f067aa0ba902b7'];
    await world.ask(question, {}, { traceparent: `00-${traceId}-${spanId}-00` });
    await world.ask(question, {}, { traceparent: '00-999990019-person-01' });
    const [first, second] = spans();
    expect([first?.traceId, first?.parent]).toEqual([traceId, spanId]);
    expect(second?.parent).toBeUndefined();
  });

  it('says that somebody was turned away, and not who', async () => {
    await world.send(question, { authorization: 'Bearer nothing.good.at-all' });
    await world.ask(question, {}, { 'convenant-organisation': 'uwv' });
    expect(spans().map(({ attributes }) => attributes)).toEqual([
      { 'convenant.outcome': 'not-signed-in' },
      { 'convenant.organisation': 'ggz-amstel', 'convenant.outcome': 'another-organisation' },
    ]);
  });

  it('names the field that was asked for, and nothing that the caller wrote', async () => {
    await world.ask(question);
    await world.ask({ query: '{ whoAmI participants { id } }' });
    await world.ask({ query: '{ client(id: "client-that-breaks") { id } }' });
    expect(spans().map(({ attributes }) => attributes['convenant.operation'])).toEqual(['client', 'several', 'client']);
    expect(spans().at(-1)?.attributes['convenant.outcome']).toBe('refused');
    expect(JSON.stringify(spans())).not.toMatch(/999990019|karin|client-1|client-that-breaks|Example Person/);
  });
});

describe('the listener of a gateway', () => {
  it('counts answers by status, and keeps how long they took', async () => {
    await world.ask(question);
    await world.send(question, {});
    const text = await (await see('/metrics')).text();
    expect(text).toMatch(/^convenant_http_requests_total\{status="200"\} [1-9]/m);
    expect(text).toMatch(/^convenant_http_requests_total\{status="401"\} [1-9]/m);
    expect(text).toMatch(/^convenant_operation_seconds_count\{operation="graphql"\} [1-9]/m);
    expect(text).toMatch(/^process_cpu_seconds_total /m);
    // It has no event log: a figure for one would raise an alarm.
    expect(text).not.toMatch(/^convenant_event_log_up /m);
  });

  it('is another than the one that people use', async () => {
    expect((await fetch(`${world.gateway.url}/metrics`)).status).toBe(404);
    expect((await fetch(`${world.gateway.url}/health/ready`)).status).toBe(404);
    expect((await see('/graphql')).status).toBe(404);
  });

  it('says whether the gateway lives and its organisations can answer', async () => {
    expect(await (await see('/health/live')).json()).toEqual({ live: true });
    expect(await (await see('/health/ready')).json()).toEqual({ ready: true, codes: [], told: [] });
    world.covenant.broken = { status: 503, body: '' };
    const withoutCovenant = await see('/health/ready');
    expect([withoutCovenant.status, await withoutCovenant.json()]).toEqual([
      200,
      { ready: true, codes: [], told: ['covenant-not-ready'] },
    ]);
    world.amstel.broken = { status: 503, body: '' };
    const without = await see('/health/ready');
    expect([without.status, await without.json()]).toEqual([
      503,
      { ready: false, codes: ['organisation-not-ready'], told: ['covenant-not-ready'] },
    ]);
  });
});
