/** What whoever is followed may rely on, with nothing behind the port and with everything; and that no label or attribute says what it should not. */
import { describe, expect, it } from '@jest/globals';
import { metrics, noTelemetry, type SpanAttribute, type Telemetry } from '@convenant/kernel';
import { InMemorySpanExporter, SimpleSpanProcessor } from '@opentelemetry/sdk-trace';
import { createTelemetry } from './create-telemetry.js';
import { nothingKnown, type KnownValues } from './known-values.js';

const known: KnownValues = {
  organisations: new Set(['ggz-amstel', 'uwv']),
  operations: new Set(['referClient']),
  outcomes: new Set(['already-referred']),
  views: new Set(['referral_board']),
  readers: new Set(['door']),
};
function following() {
  const exporter = new InMemorySpanExporter();
  const running = createTelemetry({ service: 'test', known, spans: new SimpleSpanProcessor({ exporter }) });
  return { ...running, spans: () => exporter.getFinishedSpans() };
}
const parent = '00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01';

describe.each<[string, () => Telemetry]>([
  ['nothing', () => noTelemetry],
  ['figures alone', () => createTelemetry({ service: 'test', known }).telemetry],
  ['figures and traces', () => following().telemetry],
])('the port with %s behind it', (_, open) => {
  it('settles as the work does', async () => {
    const telemetry = open();
    const broken = new Error('broken');
    expect(await telemetry.span('tell', parent, {}, async () => 'done')).toBe('done');
    await expect(telemetry.span('tell', parent, {}, () => Promise.reject(broken))).rejects.toBe(broken);
  });

  it('gives the work a trace to go on in whenever there was one, and takes one that is no trace at all', async () => {
    const telemetry = open();
    const within = (above: string | undefined) =>
      telemetry.span('send', above, {}, async ({ traceparent, set }) => {
        set({ outcome: 'handed-over' });
        return traceparent;
      });
    expect((await within(parent))?.split('-')[1]).toBe(parent.split('-')[1]);
    await within(undefined);
    await within('00-of Testpersoon');
  });

  it('takes any figure and never throws', () => {
    const telemetry = open();
    telemetry.count('convenant_messages_received_total', { sender: 'somebody', outcome: 'anything' });
    telemetry.observe('convenant_operation_seconds', -1, { operation: '' });
  });
});

describe('a span', () => {
  it('hangs under the one that came with the work, and its own context goes on', async () => {
    const { telemetry, spans } = following();
    const inner = await telemetry.span('receive', parent, {}, ({ traceparent }) =>
      telemetry.span('tell', traceparent, {}, async (span) => span.traceparent),
    );
    const [tell, receive] = spans();
    expect(receive?.parentSpanContext?.spanId).toBe('00f067aa0ba902b7');
    expect(tell?.parentSpanContext?.spanId).toBe(receive?.spanContext().spanId);
    expect(inner).toBe(`00-4bf92f3577b34da6a3ce929d0e0e4736-${tell?.spanContext().spanId}-01`);
  });

  it('is kept also when the caller asked for none to be kept', async () => {
    const { telemetry, spans } = following();
    await telemetry.span('query', parent.replace(/01$/, '00'), {}, async () => undefined);
    expect(spans()).toHaveLength(1);
  });

  it('is linked to the other traces that the work belongs to', async () => {
    const { telemetry, spans } = following();
    const other = parent.replace('4bf9', '4bf8');
    await telemetry.span('views', parent, {}, async () => undefined, [other, 'no trace']);
    expect(spans()[0]?.links.map(({ context }) => context.traceId)).toEqual([other.split('-')[1]]);
  });

  it('says of an error only that there was one', async () => {
    const { telemetry, spans } = following();
    await telemetry.span('tell', parent, {}, () => Promise.reject(new Error('of Testpersoon'))).catch(() => undefined);
    const [span] = spans();
    expect([span?.status.code, span?.status.message, span?.events]).toEqual([2, undefined, []]);
  });

  it('is of a service by name, and of no machine or process', async () => {
    const { telemetry, spans } = following();
    await telemetry.span('tell', parent, {}, async () => undefined);
    expect(spans()[0]?.resource.attributes).toEqual({ 'service.name': 'test' });
  });
});

describe('personal data in telemetry', () => {
  const somebody = ['999990019', 'Testpersoon', '9d2f4a50-6c1e-4f7a-8b3c-0123456789ab', 'disclosure-anna'];

  it.each(Object.keys(metrics))('has no place in a label of %s', async (name) => {
    const { kind, labels } = metrics[name as keyof typeof metrics];
    const { telemetry, metrics: kept } = following();
    for (const value of somebody) {
      const given = Object.fromEntries(labels.map((label) => [label, value]));
      if (kind === 'counter') telemetry.count(name as never, given as never);
      else if (kind === 'histogram') telemetry.observe(name as never, 1, given as never);
      else kept.addReadings(async () => [{ name, labels: given, value: 1 } as never]);
    }
    const text = await kept.exposition();
    expect(text).toMatch(labels.length > 0 ? /="other"/ : new RegExp(`^${name} 1$`, 'm'));
    for (const value of somebody) expect(text).not.toContain(value);
  });

  it('has no place in an attribute either, whenever it is set', async () => {
    const { telemetry, spans } = following();
    const names: readonly SpanAttribute[] = ['operation', 'organisation', 'partner', 'contract', 'outcome'];
    for (const value of somebody) {
      const given = Object.fromEntries(names.map((name) => [name, value]));
      await telemetry.span('command', parent, given, async (span) => span.set(given));
    }
    expect(spans().flatMap(({ attributes }) => Object.values(attributes))).toEqual(
      Array.from({ length: names.length * somebody.length }, () => 'other'),
    );
  });

  it('leaves what is known as it is', async () => {
    const { telemetry, metrics: kept } = following();
    telemetry.count('convenant_commands_total', { command: 'referClient', outcome: 'already-referred' });
    telemetry.count('convenant_decisions_total', {
      recipient: 'uwv',
      contract: 'client-introduced.v1',
      outcome: 'no-basis',
    });
    const text = await kept.exposition();
    expect(text).toContain('convenant_commands_total{command="referClient",outcome="already-referred"} 1');
    expect(text).toContain('{recipient="uwv",contract="client-introduced.v1",outcome="no-basis"} 1');
  });

  it('is not known to a process that was told nothing', async () => {
    const { telemetry, metrics: kept } = createTelemetry({ service: 'test', known: nothingKnown });
    telemetry.count('convenant_commands_total', { command: 'referClient', outcome: 'done' });
    expect(await kept.exposition()).toContain('convenant_commands_total{command="other",outcome="done"} 1');
  });
});
